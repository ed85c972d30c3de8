using System.Net;
using Clientele.Client;
using MudBlazor;

namespace Clientele.ConsoleApp.Shared;

/// <summary>Runs calls that change something: asks for a step-up if needed, and says what happened. A failed save loses nothing that was typed.</summary>
/// <example>
/// <code>
/// if (await Save.RunAsync(() =&gt; Api.Customers.VerifyAsync(id), "Verified.")) { … }
///
/// // With fields, and with two versions if somebody else was faster:
/// var saved = await Save.RunAsync(
///     _customer.ETag,
///     etag =&gt; Api.Customers.UpdateAsync(id, patch, etag),
///     () =&gt; Api.Customers.GetAsync(id),
///     theirs =&gt; [new("First name", _firstName, theirs.FirstName)],
///     _errors, "Saved.");
/// if (saved is not null) { Show(saved); }
/// </code>
/// </example>
internal sealed class Save(StepUp stepUp, ISnackbar snackbar, IDialogService dialogs)
{
    private int _running;

    /// <summary>Called when a call begins or ends.</summary>
    public event Action? Changed;

    /// <summary>Whether a response is awaited.</summary>
    public bool IsRunning => _running > 0;

    /// <summary>Runs a call.</summary>
    /// <param name="call">The call; it runs again after a step-up.</param>
    /// <param name="done">What to say when it has succeeded; null for nothing.</param>
    /// <param name="fields">Where a failure is shown; null for a message at the edge of the window.</param>
    /// <returns>Whether it has succeeded. A failure has been shown already.</returns>
    public async Task<bool> RunAsync(Func<Task> call, string? done = null, FieldErrors? fields = null)
    {
        fields?.Clear();
        try
        {
            if (!await stepUp.RunAsync(() => CountAsync(call)).ConfigureAwait(true))
            {
                return false;
            }
        }
        catch (Exception failure) when (Failures.Is(failure))
        {
            Show(failure, fields);
            return false;
        }

        if (done is not null)
        {
            snackbar.Add(done, Severity.Success);
        }

        return true;
    }

    /// <summary>Saves a version of a resource. If somebody else has changed it (412), the person chooses between both versions.</summary>
    /// <param name="etag">The version that the change is based on.</param>
    /// <param name="save">Saves, on condition that the resource still has this ETag.</param>
    /// <param name="read">Reads the current version.</param>
    /// <param name="compare">The members of the form: what was typed, and what the other version says.</param>
    /// <param name="fields">Where a failure is shown; null for a message at the edge of the window.</param>
    /// <param name="done">What to say when it has succeeded; null for nothing.</param>
    /// <returns>The saved version, or theirs if the person has chosen it; null if nothing was saved.</returns>
    public async Task<Versioned<T>?> RunAsync<T>(
        string etag, Func<string, Task<Versioned<T>>> save, Func<Task<Versioned<T>>> read, Func<T, IReadOnlyList<ConflictRow>> compare,
        FieldErrors? fields = null, string? done = null)
        where T : class
    {
        (Versioned<T>? Version, bool IsSaved) result = default;
        var succeeded = await RunAsync(
            async () => result = await SaveAsync(etag, save, read, compare).ConfigureAwait(true), done: null, fields).ConfigureAwait(true);
        if (succeeded && result.IsSaved && done is not null)
        {
            snackbar.Add(done, Severity.Success);
        }

        return succeeded ? result.Version : null;
    }

    /// <summary>Shows a failure: in the form if it has a place for it, else at the edge of the window.</summary>
    public void Show(Exception failure, FieldErrors? fields = null)
    {
        if (fields is not null)
        {
            fields.Take(failure);
            return;
        }

        snackbar.Add<Failure>(
            new Dictionary<string, object> { [nameof(Failure.Error)] = failure }, Severity.Error, options =>
            {
                options.RequireInteraction = true;
                options.HideIcon = true;
            });
    }

    private async Task CountAsync(Func<Task> call)
    {
        try
        {
            _running++;
            Changed?.Invoke();
            await call().ConfigureAwait(true);
        }
        finally
        {
            _running--;
            Changed?.Invoke();
        }
    }

    /// <summary>The saved version, or theirs if the person has chosen it.</summary>
    private async Task<(Versioned<T>? Version, bool IsSaved)> SaveAsync<T>(
        string etag, Func<string, Task<Versioned<T>>> save, Func<Task<Versioned<T>>> read, Func<T, IReadOnlyList<ConflictRow>> compare)
        where T : class
    {
        while (true)
        {
            try
            {
                return (await save(etag).ConfigureAwait(true), true);
            }
            catch (ClienteleException stale) when (stale.Status == HttpStatusCode.PreconditionFailed)
            {
            }

            var theirs = await read().ConfigureAwait(true);
            etag = theirs.ETag;

            // If the form shows no difference, somebody else has changed other members, which this save does not touch.
            var rows = compare(theirs.Value).Where(row => !string.Equals(row.Mine ?? "", row.Theirs ?? "", StringComparison.Ordinal)).ToList();
            if (rows.Count > 0 && await ConflictDialog.AskAsync(dialogs, rows).ConfigureAwait(true) is not true and var choice)
            {
                return (choice is null ? null : theirs, false);
            }
        }
    }
}
