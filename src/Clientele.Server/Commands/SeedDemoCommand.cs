using System.CommandLine;
using System.CommandLine.Parsing;
using Clientele.Server.Accounts;
using Clientele.Server.Demo;
using Clientele.Server.Keys;
using OtpNet;

namespace Clientele.Server.Commands;

/// <summary>Fills a database with the demo shop.</summary>
internal static class SeedDemoCommand
{
    public static Command Create(string[] args)
    {
        var customers = new Option<int>("--customers") { Description = "How many customers.", DefaultValueFactory = _ => 1000, CustomParser = Count };
        var password = new Option<string?>("--password") { Description = "The password of the named demo customers; random if left out." };
        const string What = "Fills a database without customers with demo data, and prints the accounts that can sign in.";
        var command = new Command("seed-demo", What) { customers, password };
        return command.OnDatabase(
            args,
            "It has an admin. Create others with: clientele createsuperuser",
            async (parsed, services, token) =>
            {
                var count = parsed.GetValue(customers);
                var seed = services.GetRequiredService<DemoSeed>();
                var secret = parsed.GetValue(password) ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
                var adminSecret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
                var work = Progress.RunAsync(services, "Customers", count, progress => seed.RunAsync(count, secret, adminSecret, progress, token));
                if (await work is { } failure)
                {
                    return [failure];
                }

                var output = parsed.InvocationConfiguration.Output;
                foreach (var (username, story) in DemoCast.Members)
                {
                    await output.WriteLineAsync($"  {username,-8} {story}");
                }

                await output.WriteLineAsync($"Their password is {secret}");
                await output.WriteLineAsync($"The admin {DemoCast.Admin} signs in at /console/ with the password {adminSecret}");
                await PrintFactorAsync(services, output, token);
                await PrintKeyAsync(services, output, token);
                return [];
            });
    }

    private static int Count(ArgumentResult given)
    {
        if (!int.TryParse(given.Tokens.SingleOrDefault()?.Value, CultureInfo.InvariantCulture, out var count) || count < DemoSeed.FewestCustomers)
        {
            given.AddError($"--customers must be a whole number of at least {DemoSeed.FewestCustomers}: the first of them are the named demo customers.");
        }

        return count;
    }

    /// <summary>One of them signs in with an authenticator app.</summary>
    private static async Task PrintFactorAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        const string username = "farid";
        var factors = services.GetRequiredService<Factors>();
        var id = await services.GetRequiredService<Superusers>().FindAsync(username, cancellationToken);
        var setup = ((Ok<TotpSetupResponse>)(await factors.SetUpTotpAsync(id!.Value, cancellationToken)).Result).Value!;
        var code = new Totp(Base32Encoding.ToBytes(setup.Secret)).ComputeTotp(services.GetRequiredService<TimeProvider>().Now());
        var codes = ((Ok<RecoveryCodesResponse>)(await factors.ConfirmTotpAsync(id.Value, code, cancellationToken)).Result).Value!;
        await output.WriteLineAsync(
            $"{username} also needs a code of an authenticator app with the secret {setup.Secret}, or the recovery code {codes.RecoveryCodes[0]}");
    }

    /// <summary>The demo's order system delivers its orders with a key.</summary>
    private static async Task PrintKeyAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        var request = new ApiKeyRequest
        {
            Name = "Order system of the demo shop",
            Scopes = [KeyScope.CustomersRead, KeyScope.OrdersRead, KeyScope.OrdersWrite],
        };
        var created = (Created<ApiKeyResponse>)(await services.GetRequiredService<KeyBook>().AddAsync(request, new Errors(), cancellationToken)).Result;
        await output.WriteLineAsync($"The key of its order system is {created.Value!.Key}");
    }
}
