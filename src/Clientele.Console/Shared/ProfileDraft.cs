using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Client;

namespace Clientele.ConsoleApp.Shared;

/// <summary>The members of a profile while somebody edits them.</summary>
internal sealed class ProfileDraft
{
    public static readonly IReadOnlyList<DraftMember<ProfileDraft, CustomerPatch>> Members =
    [
        new("first_name", "First name", d => d.FirstName, (from, to) => to.FirstName = from.FirstName, (_, d, p) => p.FirstName = d.FirstName),
        new("last_name", "Last name", d => d.LastName, (from, to) => to.LastName = from.LastName, (_, d, p) => p.LastName = d.LastName),
        new("email", "E-mail", d => d.Email, (from, to) => to.Email = from.Email, (_, d, p) => p.Email = d.Email),
        new("phone", "Phone", d => d.Phone, (from, to) => to.Phone = from.Phone, (_, d, p) => p.Phone = OrNull(d.Phone)),
        new("date_of_birth", "Date of birth", d => Show(d.DateOfBirth), (from, to) => to.DateOfBirth = from.DateOfBirth,
            (_, d, p) => p.DateOfBirth = d.DateOfBirth is { } day ? DateOnly.FromDateTime(day) : null),
        new("gender", "Gender", d => d.Gender, (from, to) => to.Gender = from.Gender, (_, d, p) => p.Gender = OrNull(d.Gender)),
        new("preferred_language", "Language", d => d.PreferredLanguage, (from, to) => to.PreferredLanguage = from.PreferredLanguage,
            (_, d, p) => p.PreferredLanguage = d.PreferredLanguage),
        new("preferred_currency", "Currency", d => d.PreferredCurrency, (from, to) => to.PreferredCurrency = from.PreferredCurrency,
            (_, d, p) => p.PreferredCurrency = d.PreferredCurrency),
        new("source", "Source", d => d.Source, (from, to) => to.Source = from.Source, (_, d, p) => p.Source = OrNull(d.Source)),
        new("accepts_marketing_email", "Marketing by e-mail", d => Show(d.AcceptsMarketingEmail),
            (from, to) => to.AcceptsMarketingEmail = from.AcceptsMarketingEmail, (_, d, p) => p.AcceptsMarketingEmail = d.AcceptsMarketingEmail),
        new("accepts_marketing_sms", "Marketing by SMS", d => Show(d.AcceptsMarketingSms),
            (from, to) => to.AcceptsMarketingSms = from.AcceptsMarketingSms, (_, d, p) => p.AcceptsMarketingSms = d.AcceptsMarketingSms),
        new("is_verified", "E-mail verified", d => Show(d.IsVerified), (from, to) => to.IsVerified = from.IsVerified, (_, d, p) => p.IsVerified = d.IsVerified),
        new("is_vip", "VIP", d => Show(d.IsVip), (from, to) => to.IsVip = from.IsVip, (_, d, p) => p.IsVip = d.IsVip),
        new("is_active", "Active", d => Show(d.IsActive), (from, to) => to.IsActive = from.IsActive, (_, d, p) => p.IsActive = d.IsActive),
        new("tags", "Tags", d => string.Join(", ", d.Tags), (from, to) => to.Tags = [.. from.Tags], (_, d, p) => p.Tags = d.Tags),
        new("notes", "Notes for staff", d => d.Notes, (from, to) => to.Notes = from.Notes, (_, d, p) => p.Notes = OrNull(d.Notes)),
        new("metadata", "Metadata", d => string.Join("\n", d.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal)),
            (from, to) => to.Metadata = [.. from.Metadata.Select(entry => entry.Clone())], (basis, d, p) => p.Metadata = Changes(basis.Metadata, d.Metadata)),
    ];

    public string FirstName { get; set; } = "";

    public string LastName { get; set; } = "";

    public string Email { get; set; } = "";

    public string Phone { get; set; } = "";

    public DateTime? DateOfBirth { get; set; }

    public string Gender { get; set; } = "";

    public string PreferredLanguage { get; set; } = "";

    public string PreferredCurrency { get; set; } = "";

    public string Source { get; set; } = "";

    public bool AcceptsMarketingEmail { get; set; }

    public bool AcceptsMarketingSms { get; set; }

    public bool IsVerified { get; set; }

    public bool IsVip { get; set; }

    public bool IsActive { get; set; }

    public List<string> Tags { get; set; } = [];

    public string Notes { get; set; } = "";

    public List<MetadataEntry> Metadata { get; set; } = [];

    public static ProfileDraft Of(CustomerResponse customer) => new()
    {
        FirstName = customer.FirstName,
        LastName = customer.LastName,
        Email = customer.Email,
        Phone = customer.Phone ?? "",
        DateOfBirth = customer.DateOfBirth?.ToDateTime(TimeOnly.MinValue),
        Gender = customer.Gender ?? "",
        PreferredLanguage = customer.PreferredLanguage,
        PreferredCurrency = customer.PreferredCurrency,
        Source = customer.Source ?? "",
        AcceptsMarketingEmail = customer.AcceptsMarketingEmail,
        AcceptsMarketingSms = customer.AcceptsMarketingSms,
        IsVerified = customer.IsVerified,
        IsVip = customer.IsVip,
        IsActive = customer.IsActive,
        Tags = [.. customer.Tags ?? []],
        Notes = customer.Notes ?? "",
        Metadata = [.. (customer.Metadata ?? new Dictionary<string, System.Text.Json.JsonElement>()).Select(pair => MetadataEntry.Of(pair.Key, pair.Value))],
    };

    public bool DiffersFrom(ProfileDraft other) => DraftMembers.Differ(Members, other, this);

    /// <summary>What the draft changes of a version.</summary>
    public CustomerPatch PatchOf(ProfileDraft basis) => DraftMembers.Patch(Members, basis, this);

    /// <summary>The entries that are new or different; null removes an entry.</summary>
    private static JsonObject Changes(List<MetadataEntry> basis, List<MetadataEntry> mine)
    {
        var changes = new JsonObject();
        foreach (var entry in basis.Where(entry => !mine.Exists(other => other.Key == entry.Key)))
        {
            changes[entry.Key] = null;
        }

        foreach (var entry in mine.Where(entry => !basis.Exists(other => other.Kind == entry.Kind && other.ToString() == entry.ToString())))
        {
            changes[entry.Key] = entry.Value();
        }

        return changes;
    }

    private static string Show(bool value) => value ? "yes" : "no";

    private static string Show(DateTime? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}
