using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>A change of many customers, in one of the members <c>filters</c> and <c>ids</c>.</summary>
public sealed record BulkRequest
{
    /// <summary>What to do with each customer.</summary>
    /// <example>add_tags</example>
    [Required, OneOf(typeof(BulkAction))]
    public string Action { get; set; } = "";

    /// <summary>
    /// The customers whom these filters of the customers list match: its query parameters without <c>ordering</c> and pages. Values are text, numbers,
    /// true or false. An empty object means all customers.
    /// </summary>
    /// <example>{"is_vip": true, "min_orders": 3}</example>
    public IReadOnlyDictionary<string, JsonElement>? Filters { get; set; }

    /// <summary>The customers with these ids, at most 1000. Ids that do not exist are left out.</summary>
    /// <example>null</example>
    [MaxLength(1000, ErrorMessage = "At most 1000 customers. Use filters for more.")]
    public IReadOnlyList<long>? Ids { get; set; }

    /// <summary>The tags, for <c>add_tags</c> and <c>remove_tags</c>.</summary>
    /// <example>["wholesale"]</example>
    public IReadOnlyList<string>? Tags { get; set; }

    /// <summary>The id of the group, for <c>add_to_group</c> and <c>remove_from_group</c>.</summary>
    /// <example>null</example>
    public long? Group { get; set; }
}

/// <summary>A change of many customers in the background, and how far it is.</summary>
public sealed record BulkJobResponse
{
    /// <summary>The job's id. Audit entries of the changes name it as <c>bulk_job</c>.</summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60</example>
    public required Guid Id { get; init; }

    /// <summary>What is done with each customer.</summary>
    /// <example>add_tags</example>
    [OneOf(typeof(BulkAction))]
    public required string Action { get; init; }

    /// <summary>The tags; empty for actions without tags.</summary>
    /// <example>["wholesale"]</example>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The id of the group; null for actions without a group.</summary>
    /// <example>null</example>
    public required long? Group { get; init; }

    /// <summary><c>waiting</c>, <c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    /// <example>running</example>
    [OneOf(typeof(BulkJobState))]
    public required string State { get; init; }

    /// <summary>How many customers matched when the job began; null before that.</summary>
    /// <example>1200</example>
    public required long? Total { get; init; }

    /// <summary>How many customers are done, including those who did not need the change, and failures.</summary>
    /// <example>400</example>
    public required long Done { get; init; }

    /// <summary>How many customers were changed.</summary>
    /// <example>398</example>
    public required long Changed { get; init; }

    /// <summary>How many customers could not be changed.</summary>
    /// <example>1</example>
    public required long Failed { get; init; }

    /// <summary>The first twenty failures.</summary>
    public required IReadOnlyList<BulkError> Errors { get; init; }

    /// <summary>Why the job has failed; null if it has not.</summary>
    /// <example>null</example>
    public required string? Reason { get; init; }

    /// <summary>The id of the admin who started it; null if an API key did.</summary>
    /// <example>1</example>
    public required long? CreatedBy { get; init; }

    /// <summary>When it was started.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When it ended; null if it has not.</summary>
    /// <example>null</example>
    public required DateTime? EndedAt { get; init; }
}

/// <summary>Why a customer could not be changed.</summary>
public sealed record BulkError
{
    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Customer { get; init; }

    /// <summary>The reason.</summary>
    /// <example>At most 100 tags.</example>
    public required string Message { get; init; }
}
