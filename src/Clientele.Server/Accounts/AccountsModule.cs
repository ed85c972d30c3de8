using Clientele.Server.Operations;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Caching.Memory;

namespace Clientele.Server.Accounts;

/// <summary>The services and routes of accounts: keys, tokens, passwords, registration and signing in.</summary>
internal static class AccountsModule
{
    public static void AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<KeySettings>("Keys").AddSettings<Sessions.Settings>("Tokens").AddSettings<PasswordPolicy>("Passwords")
            .AddSettings<AccountSettings>("Accounts").AddSettings<LinkSettings>("Links").AddSettings<SecuritySettings>("Security");
        AddKeys(services, configuration);
        AddPasskeys(services);
        services.AddMemoryCache().AddSingleton<Sessions>();
        services.AddOptions<MemoryCacheOptions>().Configure<TimeProvider>((options, clock) => options.Clock = new SteadyClock(clock));
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<Sessions>((options, sessions) => sessions.Configure(options));
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = Passwords.Iterations);
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>().AddSingleton<HashingMeter>().AddSingleton<Passwords>();
        services.AddScoped<Throttles>().AddScoped<KnownNetworks>().AddScoped<SignIn>().AddScoped<RefreshTokens>().AddScoped<Registration>();
        services.AddScoped<KnownClients>().AddScoped<OpenSessions>();
        AddProofs(services);
        services.AddScoped<AuthenticatorCodes>().AddScoped<RecoveryCodes>().AddScoped<Factors>().AddScoped<FactorProof>();
        services.AddScoped<FactorNotices>().AddScoped<SignInChallenges>();
        services.AddScoped<StepUpTokens>().AddScoped<StepUp>().AddScoped<PasswordChange>().AddScoped<Superusers>().AddScoped<IMaintenance, ExpiredAccess>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder api)
    {
        AccountsEndpoints.Map(api);
        FactorsEndpoints.Map(api);
        SessionsEndpoints.Map(api);
        VerificationEndpoints.Map(api);
        AccountPages.Map(api);
    }

    private static void AddPasskeys(IServiceCollection services)
    {
        services.AddSettings<PasskeySettings>("Passkeys").AddSingleton<IValidateOptions<PasskeySettings>, RelyingParty.OriginsRule>();
        services.AddSingleton<RelyingParty>().AddScoped<PasskeyChallenges>().AddScoped<Passkeys>().AddScoped<PasskeyRegistration>();
        services.AddScoped<PasskeySignIn>().AddScoped<SessionStart>().AddScoped<IMaintenance, ExpiredPasskeyChallenges>();
    }

    private static void AddProofs(IServiceCollection services)
    {
        services.AddScoped<Proofs>().AddSingleton<Links>().AddScoped<VerificationMails>().AddScoped<RefusedMessages>().AddScoped<Verification>();
        services.AddScoped<EmailConfirmation>().AddScoped<EmailChanges>().AddScoped<PasswordReset>();
        services.AddSingleton<ResetMails>().AddHostedService(provider => provider.GetRequiredService<ResetMails>());
        services.AddSingleton<IMaintenance>(provider => provider.GetRequiredService<ResetMails>());
    }

    private static void AddKeys(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ServerKeys>().AddSingleton<IPreparation, KeysAtStart>().AddScoped<PlainRingKeys>();
        services.AddSingleton<IMaintenance>(provider => provider.GetRequiredService<ServerKeys>());
        services.AddSingleton<RequestHashSecret>(provider => provider.GetRequiredService<ServerKeys>().SecretAsync);
        var protection = services.AddDataProtection().SetApplicationName("clientele");
        KeyRingEncryption.Add(protection, configuration);
        if (KeyDirectory.Of(configuration) is { } directory)
        {
            protection.PersistKeysToFileSystem(directory);
        }
        else
        {
            protection.PersistKeysToDbContext<ClienteleDb>();
        }
    }
}
