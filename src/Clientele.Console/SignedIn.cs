using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp;

/// <summary>The person who is signed in.</summary>
internal sealed class SignedIn
{
    private readonly ClienteleClient _api;
    private readonly ConsoleSession _session;

    public SignedIn(ClienteleClient api, ConsoleSession session)
    {
        (_api, _session) = (api, session);
        session.Changed += Notice;
    }

    /// <summary>Their own account; null while nobody has signed in. It stays when the session ends, because they are expected to sign in again.</summary>
    public CustomerResponse? Me { get; private set; }

    /// <summary>Whether the session has ended without a sign-out. Pages stay open behind the sign-in page, with what was typed.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether they must set up a second factor before anything else.</summary>
    public bool MustEnrol { get; private set; }

    /// <summary>Why the last sign-out has not ended the session on the service; null if it has.</summary>
    public Exception? SignOutFailure { get; private set; }

    /// <summary>Raised when somebody has signed in or out, and when a session has ended.</summary>
    public event Action? Changed;

    /// <summary>Whether there is anybody who can sign in.</summary>
    public Task<bool> HasAdminAsync() => _session.HasAdminAsync();

    /// <summary>Continues the session that this browser has, if it has one.</summary>
    public async Task ResumeAsync()
    {
        if (await _session.ResumeAsync().ConfigureAwait(true) is { } tokens)
        {
            await BeginAsync(tokens).ConfigureAwait(true);
        }
    }

    public async Task SignInAsync(string username, string password) =>
        await BeginAsync(await _session.SignInAsync(username, password).ConfigureAwait(true)).ConfigureAwait(true);

    public async Task SignInWithFactorAsync(string challenge, string code) =>
        await BeginAsync(await _session.SignInWithFactorAsync(challenge, code).ConfigureAwait(true)).ConfigureAwait(true);

    public async Task SignInWithFactorAsync(string challenge, PasskeyAssertion assertion) =>
        await BeginAsync(await _session.SignInWithFactorAsync(challenge, assertion).ConfigureAwait(true)).ConfigureAwait(true);

    public async Task SignInWithPasskeyAsync(PasskeyAssertion assertion) =>
        await BeginAsync(await _session.SignInWithPasskeyAsync(assertion).ConfigureAwait(true)).ConfigureAwait(true);

    /// <summary>Signs out, even if the service cannot be reached: the access token is forgotten first.</summary>
    public async Task SignOutAsync()
    {
        (Me, HasEnded, MustEnrol) = (null, false, false);
        await _api.UseTokensAsync(null).ConfigureAwait(true);
        Changed?.Invoke();
        await EndAsync().ConfigureAwait(true);
    }

    /// <summary>Ends the session on the service.</summary>
    public async Task EndAsync()
    {
        try
        {
            await _session.EndAsync().ConfigureAwait(true);
            SignOutFailure = null;
        }
        catch (Exception failure) when (Failures.Is(failure))
        {
            SignOutFailure = failure;
        }

        Changed?.Invoke();
    }

    private async Task BeginAsync(TokenPair tokens)
    {
        SignOutFailure = null;
        await _api.UseTokensAsync(tokens).ConfigureAwait(true);
        await EnterAsync().ConfigureAwait(true);
    }

    /// <summary>Reads who is there, and shows the pages.</summary>
    public async Task EnterAsync()
    {
        try
        {
            var me = (await _api.Customers.GetMeAsync().ConfigureAwait(true)).Value;

            // Pages that show what somebody else may see, or has typed, are thrown away.
            if (HasEnded && Me?.Id != me.Id)
            {
                Me = null;
                Changed?.Invoke();
            }

            (Me, HasEnded, MustEnrol) = (me, false, false);
        }
        catch (ClienteleException refused) when (refused.Code == "factor_enrolment_required")
        {
            (Me, HasEnded, MustEnrol) = (null, false, true);
        }

        Changed?.Invoke();
    }

    private void Notice(TokenPair? tokens)
    {
        if (tokens is null && Me is not null)
        {
            HasEnded = true;
            Changed?.Invoke();
        }
    }
}
