using Clientele.Server.Accounts;
using Clientele.Server.Events;
using Clientele.Server.Privacy;
using Clientele.Server.Rules;
using Clientele.Server.Segments;

namespace Clientele.Server.Customers;

/// <summary>PUT and PATCH of a customer.</summary>
internal sealed class CustomerUpdate(
    ClienteleDb db,
    CustomerWrites writes,
    RequestTransaction transaction,
    AuditTrail audit,
    CustomerProfile profile,
    Activation activation,
    EmailConfirmation confirmation,
    EmailChanges emails,
    RefusedMessages refusals,
    Caller caller,
    SegmentQueue queue,
    EventLog events,
    TimeProvider clock,
    IOptions<Store> store)
{
    private const int MostMetadata = 100;
    private const int LongestName = 50;
    private const int LongestMetadata = 1000;

    public async Task<Results<Resource<CustomerResponse>, Problem>> RunAsync(
        long id, Body<UpdateCustomerRequest> body, bool replace, HttpRequest http, CancellationToken cancellationToken)
    {
        var byOwner = caller.Id == id;
        var isConfirmed = false;
        if (byOwner && body.Has("email"))
        {
            var request = body.Read(out _);
            (isConfirmed, var refused) = await confirmation.CheckAsync(id, request.Email, request.CurrentPassword, cancellationToken);
            if (refused is not null)
            {
                return refused;
            }
        }

        var result = await writes.RunAsync<Resource<CustomerResponse>>(
            new(id) { IfMatch = http },
            async customer => await ApplyAsync(customer, body, replace, byOwner, isConfirmed, cancellationToken) is { } problem
                ? problem
                : (await profile.FindAsync(id, cancellationToken))!,
            cancellationToken);
        activation.Forget(id);
        return result.Result is Problem { Code: "rate_limited" } refusal
            ? await refusals.RecordAsync(id, ProofPurpose.VerifyEmail, refusal, cancellationToken)
            : result;
    }

    private async Task<Problem?> ApplyAsync(
        Customer customer, Body<UpdateCustomerRequest> body, bool replace, bool byOwner, bool isConfirmed, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var tags = await profile.TagsAsync(customer.Id, cancellationToken);
        var metadata = JsonSerializer.Deserialize(customer.Metadata, WireJson.Default.DictionaryStringJsonElement)!;
        var stored = Present(customer, tags, metadata);
        var request = body.Over(replace ? Kept(stored) : stored with { }, errors, patch: !replace, stored);
        var fields = Fields(request).Check(errors, clock.Now(), store.Value.Region, Fields(stored));
        (request.Email, request.Phone, request.PreferredLanguage, request.PreferredCurrency) = (fields.Email, fields.Phone, fields.Language, fields.Currency);
        foreach (var (member, value) in new[] { ("is_verified", request.IsVerified), ("is_vip", request.IsVip), ("is_active", request.IsActive) })
        {
            errors.Require(value is not null, member, "This member may not be null.");
        }

        var newTags = CustomerTags.Checked(request.Tags ?? [], tags, errors);
        var newMetadata = CheckedMetadata(metadata, Merged(metadata, request.Metadata, replace), errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        if (request.Email != customer.Email && await emails.ApplyAsync(customer, request, byOwner, isConfirmed, cancellationToken) is { } unchanged)
        {
            return unchanged;
        }

        if (request.IsActive!.Value != customer.IsActive && await activation.SetAsync(customer, request.IsActive.Value, cancellationToken) is { } last)
        {
            return last;
        }

        Assign(customer, request, newMetadata);
        await SaveAsync(customer, tags, newTags, cancellationToken);
        return null;
    }

    /// <summary>The stored values, which a PATCH overrides.</summary>
    private static UpdateCustomerRequest Present(Customer customer, List<string> tags, Dictionary<string, JsonElement> metadata) => new()
    {
        FirstName = customer.FirstName,
        LastName = customer.LastName,
        Email = customer.Email,
        Phone = customer.Phone,
        DateOfBirth = customer.DateOfBirth,
        Gender = customer.Gender,
        AcceptsMarketingEmail = customer.AcceptsMarketingEmail,
        AcceptsMarketingSms = customer.AcceptsMarketingSms,
        PreferredLanguage = customer.PreferredLanguage,
        PreferredCurrency = customer.PreferredCurrency,
        IsVerified = customer.IsVerified,
        IsVip = customer.IsVip,
        IsActive = customer.IsActive,
        Source = customer.Source,
        Notes = customer.Notes,
        Tags = tags,
        Metadata = metadata,
    };

    /// <summary>The values that a PUT overrides: the defaults, and the stored values of the members that only admins write.</summary>
    private static UpdateCustomerRequest Kept(UpdateCustomerRequest stored) => new()
    {
        IsVerified = stored.IsVerified,
        IsVip = stored.IsVip,
        IsActive = stored.IsActive,
        Source = stored.Source,
        Notes = stored.Notes,
        Tags = stored.Tags,
        Metadata = stored.Metadata,
    };

    private static ProfileFields Fields(UpdateCustomerRequest request) =>
        new(request.Email, request.Phone, request.PreferredLanguage, request.PreferredCurrency, request.DateOfBirth);

    private static Dictionary<string, JsonElement> Merged(
        Dictionary<string, JsonElement> present, IReadOnlyDictionary<string, JsonElement>? given, bool replace) =>
        given is null ? [] : (replace ? [] : present.Where(entry => !given.ContainsKey(entry.Key)))
            .Concat(given.Where(entry => entry.Value.ValueKind != JsonValueKind.Null)).ToDictionary();

    private static SortedDictionary<string, JsonElement> CheckedMetadata(
        Dictionary<string, JsonElement> present, Dictionary<string, JsonElement> metadata, Errors errors)
    {
        errors.Require(metadata.Count <= Math.Max(MostMetadata, present.Count), "metadata", $"At most {MostMetadata} members.");
        foreach (var (name, value) in metadata.Where(entry => !present.TryGetValue(entry.Key, out var was) || !JsonElement.DeepEquals(was, entry.Value)))
        {
            if (VisibleText.IsBlank(name) || VisibleText.Length(name) > LongestName)
            {
                errors.Add("metadata", $"Names have 1 to {LongestName} characters.");
            }

            if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                errors.Add($"metadata.{name}", "Must be text, a number, true or false.");
            }
            else if (VisibleText.Length(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()) > LongestMetadata)
            {
                errors.Add($"metadata.{name}", $"At most {LongestMetadata} characters.");
            }
            else if (value.ValueKind == JsonValueKind.Number && !IsExact(value))
            {
                errors.Add($"metadata.{name}", "Not every JSON parser reads whole numbers beyond ±9007199254740992 exactly. Send it as a string.");
            }
        }

        return new SortedDictionary<string, JsonElement>(metadata, StringComparer.Ordinal);
    }

    /// <summary>
    /// Whether all JSON parsers that use 64-bit floating point read the same number. 2⁵³ + 1 as such a number is 2⁵³, so it is read as a decimal.
    /// </summary>
    private static bool IsExact(JsonElement number) => number.TryGetDecimal(out var exact)
        ? !decimal.IsInteger(exact) || Math.Abs(exact) <= 1L << 53
        : Math.Abs(number.GetDouble()) < 1;

    private static void Assign(Customer customer, UpdateCustomerRequest request, SortedDictionary<string, JsonElement> metadata)
    {
        // A new e-mail or phone is not verified. If the account was not verified before, an admin may verify it in the same request.
        var sameEmail = AccountNames.Key(request.Email) == AccountNames.Key(customer.Email);
        customer.IsVerified = request.IsVerified!.Value && (sameEmail || !customer.IsVerified);
        customer.PhoneVerified = customer.PhoneVerified && request.Phone == customer.Phone;
        customer.FirstName = request.FirstName;
        customer.LastName = request.LastName;
        customer.Email = request.Email;
        customer.Phone = request.Phone;
        customer.DateOfBirth = request.DateOfBirth;
        customer.Gender = request.Gender is { Length: > 0 } ? request.Gender : null;
        customer.AcceptsMarketingEmail = request.AcceptsMarketingEmail;
        customer.AcceptsMarketingSms = request.AcceptsMarketingSms;
        customer.PreferredLanguage = request.PreferredLanguage;
        customer.PreferredCurrency = request.PreferredCurrency;
        customer.IsVip = request.IsVip!.Value;
        customer.Source = request.Source is { Length: > 0 } ? request.Source : null;
        customer.Notes = request.Notes is { Length: > 0 } ? request.Notes : null;
        customer.Metadata = JsonSerializer.Serialize(new Dictionary<string, JsonElement>(metadata), Wire.For<Dictionary<string, JsonElement>>(admin: true));
        customer.DeriveKeys();
    }

    /// <summary>Increases the version and writes an audit entry if anything has changed.</summary>
    private async Task SaveAsync(Customer customer, List<string> oldTags, Dictionary<string, string> newTags, CancellationToken cancellationToken)
    {
        var tagsChanged = !oldTags.Order(StringComparer.Ordinal).SequenceEqual(newTags.Values.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        var changed = db.Entry(customer).State == EntityState.Modified;
        if (!changed && !tagsChanged)
        {
            return;
        }

        if (changed)
        {
            audit.Record(customer.Id, AuditAction.CustomerUpdated, AuditTrail.Resource("customer", customer.Id), customer);
        }

        if (db.Entry(customer).Property(c => c.Metadata).IsModified)
        {
            await db.CustomerMetadata.Where(m => m.CustomerId == customer.Id).ExecuteDeleteAsync(cancellationToken);
            db.AddRange(CustomerMetadata.Of(customer));
        }

        if (tagsChanged)
        {
            await db.CustomerTags.Where(t => t.CustomerId == customer.Id).ExecuteDeleteAsync(cancellationToken);
            await queue.TouchAsync(db, customer.Id, Facets.Tags, cancellationToken);
            db.AddRange(newTags.Select(tag => new CustomerTag { CustomerId = customer.Id, TagKey = tag.Key, Tag = tag.Value }));
            CustomerTags.Record(audit, events, db, customer, oldTags, newTags.Values);
        }

        writes.IncreaseVersion(customer);
        await transaction.SaveAsync(cancellationToken);
    }
}
