using Clientele.Server.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Clientele.Tests.Support;

/// <summary>Hashes passwords fast, or waits until it is released, so that a request takes as long as a test wants.</summary>
internal sealed class BlockingHasher : IPasswordHasher<Account>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PasswordHasher<Account> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly SemaphoreSlim _entered = new(0);

    /// <summary>Runs while a password is hashed.</summary>
    public Action? Meanwhile { get; set; }

    public void Hold() => _open.Reset();

    public void LetGo() => _open.Set();

    /// <summary>Completes when a password is being hashed.</summary>
    public async Task EnteredAsync() => Assert.True(await _entered.WaitAsync(Patience, TestContext.Current.CancellationToken));

    public string HashPassword(Account user, string password)
    {
        Wait();
        return _hasher.HashPassword(user, password);
    }

    public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
    {
        Wait();
        return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }

    public void Dispose()
    {
        _open.Dispose();
        _entered.Dispose();
    }

    private void Wait()
    {
        Meanwhile?.Invoke();
        if (!_open.IsSet)
        {
            _entered.Release();
            _open.Wait(Patience);
        }
    }
}
