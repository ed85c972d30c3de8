using Clientele.Client;

namespace Clientele.ConsoleApp;

/// <summary>The person who is signed in.</summary>
internal sealed class SignedIn(ClienteleClient api)
{
    /// <summary>Their own account; null while nobody is signed in.</summary>
    public CustomerResponse? Me { get; private set; }

    /// <summary>Raised when somebody has signed in or out.</summary>
    public event Action? Changed;

    public async Task SignInAsync(string username, string password)
    {
        await api.SignInAsync(username, password).ConfigureAwait(true);
        await ReadAsync().ConfigureAwait(true);
    }

    public async Task SignInWithFactorAsync(string challenge, string code)
    {
        await api.SignInWithFactorAsync(challenge, code).ConfigureAwait(true);
        await ReadAsync().ConfigureAwait(true);
    }

    public async Task SignOutAsync()
    {
        await api.SignOutAsync().ConfigureAwait(true);
        Me = null;
        Changed?.Invoke();
    }

    private async Task ReadAsync()
    {
        Me = (await api.Customers.GetMeAsync().ConfigureAwait(true)).Value;
        Changed?.Invoke();
    }
}
