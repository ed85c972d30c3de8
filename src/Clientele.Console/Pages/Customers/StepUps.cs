using Clientele.Client;
using MudBlazor;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>Calls that the service refuses until the person has confirmed who they are.</summary>
internal static class StepUps
{
    /// <summary>Makes the call; if it needs a step-up, asks for it and makes the call again. Returns false if the person does not confirm.</summary>
    public static async Task<bool> StepUpAsync(this IDialogService dialogs, Func<Task> callAsync)
    {
        try
        {
            await callAsync().ConfigureAwait(true);
            return true;
        }
        catch (ClienteleException refused) when (refused.Code == "step_up_required")
        {
            var dialog = await dialogs.ShowAsync<StepUpDialog>("Confirm that it is you", DialogStyle.Small).ConfigureAwait(true);
            if (await dialog.Result.ConfigureAwait(true) is null or { Canceled: true })
            {
                return false;
            }

            await callAsync().ConfigureAwait(true);
            return true;
        }
    }
}
