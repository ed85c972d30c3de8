using System.Globalization;
using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>What bulk actions are called.</summary>
internal static class BulkTexts
{
    public static readonly IReadOnlyList<string> Actions = new OneOfAttribute(typeof(BulkAction)).Values;

    /// <summary>The name in a menu.</summary>
    public static string Name(string action) => action switch
    {
        BulkAction.AddTags => "Add tags",
        BulkAction.RemoveTags => "Remove tags",
        BulkAction.AddToGroup => "Add to a group",
        BulkAction.RemoveFromGroup => "Remove from a group",
        BulkAction.MakeVip => "Make VIP",
        BulkAction.RemoveVip => "Remove VIP status",
        _ => action,
    };

    /// <summary>What a job does, as far as the job itself says it.</summary>
    public static string Of(BulkJobResponse job) => job switch
    {
        { Tags.Count: > 0 } => $"{Name(job.Action)}: {string.Join(", ", job.Tags)}",
        { Group: { } group } => string.Create(CultureInfo.CurrentCulture, $"{Name(job.Action)} (#{group})"),
        _ => Name(job.Action),
    };

    /// <summary>How far a job is, or what has become of it.</summary>
    public static string Progress(BulkJobResponse job) => job.State switch
    {
        BulkJobState.Waiting => "Waiting to begin.",
        BulkJobState.Running => $"{Number(job.Done)} of {Number(job.Total)} {Wording.Of(job.Total ?? 0, "customer", "customers")}.",
        BulkJobState.Done when job.Done == 0 => "Done. No customer matched.",
        BulkJobState.Done => $"Done. {Number(job.Changed)} changed, {Number(job.Done - job.Changed - job.Failed)} needed no change{Failed(job)}.",
        BulkJobState.Cancelled =>
            $"Cancelled after {Wording.Count(job.Done, "customer")}. {Number(job.Changed)} {Wording.Of(job.Changed, "was", "were")} changed.",
        _ => $"Failed after {Wording.Count(job.Done, "customer")}. {job.Reason}",
    };

    /// <summary>Whether the job goes on.</summary>
    public static bool IsOpen(BulkJobResponse job) => job.State is BulkJobState.Waiting or BulkJobState.Running;

    private static string Failed(BulkJobResponse job) => job.Failed == 0 ? "" : $", {Number(job.Failed)} failed";

    private static string Number(long? value) => value?.ToString("N0", CultureInfo.CurrentCulture) ?? "?";
}
