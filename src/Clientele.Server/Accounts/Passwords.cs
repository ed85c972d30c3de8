using System.Buffers.Text;
using System.Threading.RateLimiting;
using Clientele.Server.Http;
using Microsoft.AspNetCore.Identity;

namespace Clientele.Server.Accounts;

/// <summary>Hashes passwords with Identity's hasher, as many at once as there are cores, so that a flood of logins cannot starve reads.</summary>
internal sealed class Passwords(IPasswordHasher<Account> hasher) : IDisposable
{
    public const int Iterations = 220_000;
    private const int QueuePerCore = 32;

    private readonly ConcurrencyLimiter _gate = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Environment.ProcessorCount,
        QueueLimit = Environment.ProcessorCount * QueuePerCore,
    });

    // What the password of an account that does not exist is held against: the same work, never the same password.
    private readonly Lazy<string> _nobody = new(() => hasher.HashPassword(null!, Guid.NewGuid().ToString()));

    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        GatedAsync(() => hasher.HashPassword(null!, password), cancellationToken);

    /// <summary>Computes exactly one hash, whether there is an account or not.</summary>
    public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken) => GatedAsync(
        () =>
        {
            // Identity's hasher throws at what neither it nor Django wrote, such as a marker for "no password".
            var isDjango = hash is not null && DjangoHasher.IsDjango(hash);
            if (hash is null || (!isDjango && !Base64.IsValid(hash)))
            {
                hasher.VerifyHashedPassword(null!, _nobody.Value, password);
                return PasswordVerificationResult.Failed;
            }

            if (isDjango)
            {
                return DjangoHasher.Verify(hash, password) ? PasswordVerificationResult.SuccessRehashNeeded : PasswordVerificationResult.Failed;
            }

            return hasher.VerifyHashedPassword(null!, hash, password);
        },
        cancellationToken);

    public void Dispose() => _gate.Dispose();

    private async Task<T> GatedAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        using var lease = await _gate.AcquireAsync(1, cancellationToken);
        return lease.IsAcquired
            ? work()
            : throw new ProblemException(Problems.Unavailable("Too many passwords are being checked at once. Try again in a second.", 1));
    }
}
