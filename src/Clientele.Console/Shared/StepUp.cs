using Clientele.Client;
using MudBlazor;

namespace Clientele.ConsoleApp.Shared;

/// <summary>Calls that need a step-up.</summary>
/// <example><code>if (await StepUp.RunAsync(() =&gt; Api.Customers.DeleteAsync(id))) { … }</code></example>
internal sealed class StepUp(IDialogService dialogs)
{
    private const string Required = "step_up_required";

    /// <summary>
    /// Runs a call. If the service answers <c>step_up_required</c>, asks for the password or a code and runs the call again.
    /// </summary>
    /// <returns>False if the person does not confirm; the call has had no effect then.</returns>
    public async Task<bool> RunAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(true);
            return true;
        }
        catch (ClienteleException refused) when (refused.Code == Required)
        {
        }

        var options = new DialogOptions { MaxWidth = MaxWidth.ExtraSmall, FullWidth = true };
        var dialog = await dialogs.ShowAsync<StepUpDialog>("Confirm that it is you", options).ConfigureAwait(true);
        if (await dialog.Result.ConfigureAwait(true) is null or { Canceled: true })
        {
            return false;
        }

        await call().ConfigureAwait(true);
        return true;
    }
}
