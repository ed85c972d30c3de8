using OtpNet;

namespace Clientele.Tests.Support;

/// <summary>A customer's authenticator app, with a clock.</summary>
public sealed class Authenticator(string secret, FakeClock clock)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    private readonly Totp _codes = new(Base32Encoding.ToBytes(secret));

    /// <summary>The current code, or the one of a number of steps later.</summary>
    public string Code(int later = 0) => _codes.ComputeTotp((clock.GetUtcNow() + (later * Step)).UtcDateTime);

    /// <summary>Six digits that are none of the codes around now.</summary>
    public string WrongCode() =>
        Enumerable.Range(0, 100).Select(number => $"{number:D6}").First(wrong => Enumerable.Range(-3, 7).All(later => Code(later) != wrong));

    /// <summary>Waits, on the app's clock, until the codes that were used before are no longer current.</summary>
    public string NextCode()
    {
        clock.Advance(2 * Step);
        return Code();
    }

    /// <summary>Turns an authenticator app on for a customer. Returns it with the recovery codes.</summary>
    public static async Task<(Authenticator App, IReadOnlyList<string> RecoveryCodes)> OfAsync(Actor customer, FakeClock clock)
    {
        var setup = (await customer.Post("/api/auth/factors/totp/")).Expect(200);
        var app = new Authenticator((string)setup["secret"]!, clock);
        var confirmed = (await customer.Post("/api/auth/factors/totp/confirm/", new { code = app.Code() })).Expect(200);
        return (app, [.. confirmed["recovery_codes"].AsArray().Select(code => (string)code!)]);
    }
}
