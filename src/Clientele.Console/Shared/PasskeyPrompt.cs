using System.Text.Json;
using Clientele.Client;
using Microsoft.JSInterop;

namespace Clientele.ConsoleApp.Shared;

/// <summary>Lets the browser create and use passkeys.</summary>
internal sealed class PasskeyPrompt(IJSRuntime js, ClienteleClient api) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>Whether this browser can create passkeys here. It needs HTTPS, or localhost.</summary>
    public async Task<bool> IsSupportedAsync()
    {
        var module = await ModuleAsync().ConfigureAwait(true);
        return await module.InvokeAsync<bool>("isSupported").ConfigureAwait(true);
    }

    /// <summary>Creates a passkey for the person who is signed in.</summary>
    /// <returns>Null if the person cancels.</returns>
    public async Task<PasskeyAttestation?> CreateAsync()
    {
        var options = JsonSerializer.Serialize(
            await api.Passkeys.CreateOptionsAsync().ConfigureAwait(true), PasskeyWire.Default.PasskeyCreationOptionsResponse);
        const string Failure = "This authenticator could not add a passkey. It may have one for this account already.";
        return await AskAsync("create", options, Failure).ConfigureAwait(true) is { } json
            ? JsonSerializer.Deserialize(json, PasskeyWire.Default.PasskeyAttestation)
            : null;
    }

    /// <summary>Uses a passkey.</summary>
    /// <returns>Null if the person cancels.</returns>
    public async Task<PasskeyAssertion?> UseAsync()
    {
        var options = JsonSerializer.Serialize(
            await api.Passkeys.CreateSignInOptionsAsync().ConfigureAwait(true), PasskeyWire.Default.PasskeyRequestOptionsResponse);
        return await AskAsync("use", options, "The browser could not use a passkey here.").ConfigureAwait(true) is { } json
            ? JsonSerializer.Deserialize(json, PasskeyWire.Default.PasskeyAssertion)
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_module is not null)
        {
            await _module.DisposeAsync().ConfigureAwait(true);
        }
    }

    private async Task<string?> AskAsync(string function, string options, string failure)
    {
        var module = await ModuleAsync().ConfigureAwait(true);
        try
        {
            return await module.InvokeAsync<string?>(function, options).ConfigureAwait(true);
        }
        catch (JSException reason)
        {
            throw new PasskeyException(failure, reason);
        }
    }

    private async Task<IJSObjectReference> ModuleAsync() =>
        _module ??= await js.InvokeAsync<IJSObjectReference>("import", "./js/passkeys.js").ConfigureAwait(true);
}
