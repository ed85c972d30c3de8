namespace Clientele.Server.Http;

/// <summary>Reads JSON objects from clients, and refuses what could not be stored.</summary>
internal static class JsonBodies
{
    /// <param name="context">The request.</param>
    /// <param name="apart">A member whose value the caller inspects: if a part of it is wrong, the rest is not refused.</param>
    public static async Task<JsonElement> ReadAsync(HttpContext context, string? apart = null)
    {
        using var body = new MemoryStream();
        await context.Request.BodyReader.CopyToAsync(body, context.RequestAborted);
        if (body.Length == 0)
        {
            return JsonElement.Parse("{}"u8);
        }

        if (!context.Request.HasJsonContentType())
        {
            throw new ProblemException(new Problem("unsupported_media_type", "Send the body as application/json."));
        }

        try
        {
            var json = JsonElement.Parse(body.GetBuffer().AsSpan(0, (int)body.Length), new JsonDocumentOptions { MaxDepth = Wire.MaxDepth });
            if (json.ValueKind != JsonValueKind.Object)
            {
                throw new ProblemException(Problems.Invalid("body", "Must be a JSON object."));
            }

            var errors = new Errors();
            InspectMembers(json, new Place(null, null, 0), errors, apart);
            return errors.Any ? throw new ProblemException(Problems.Invalid(errors)) : json;
        }
        catch (JsonException malformed)
        {
            var where = $"Line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}";
            throw new ProblemException(new Problem("malformed_body", $"{where}: the body is not JSON, or is nested deeper than {Wire.MaxDepth} levels.")
            {
                Errors = new Dictionary<string, string[]> { ["body"] = [$"{where}: this is not JSON."] },
            });
        }
    }

    /// <summary>
    /// Finds what JSON allows and databases do not: a member given twice, NUL, an unpaired surrogate, bytes that are not UTF-8. A path is built only
    /// where there is an error: a path can be as long as the body, and building one for each of many values would be expensive.
    /// </summary>
    public static void Inspect(JsonElement element, Errors errors) => Inspect(element, new Place(null, null, 0), errors);

    private static void Inspect(JsonElement element, Place place, Errors errors)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                InspectMembers(element, place, errors);
                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in element.EnumerateArray().Index())
                {
                    if (errors.IsFull)
                    {
                        return;
                    }

                    Inspect(item, new Place(place, null, index), errors);
                }

                break;
            case JsonValueKind.String:
                var complaint = TryText(element, static element => element.GetString()!, out var text) ? WireText.Complaint(text) : WireText.Unstorable;
                if (complaint is not null)
                {
                    errors.Add(place.ToString(), complaint);
                }

                break;
            default:
                break;
        }
    }

    private static void InspectMembers(JsonElement json, Place place, Errors errors, string? apart = null)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            if (errors.IsFull)
            {
                return;
            }

            if (!TryText(property, static property => property.Name, out var name) || WireText.Complaint(name) is not null)
            {
                errors.Add(place.ToString(), "A member's name contains a character that cannot be stored.");
                continue;
            }

            var member = new Place(place, name, 0);
            if (!names.Add(name))
            {
                errors.Add(member.ToString(), "This member is given twice.");
            }

            if (name != apart)
            {
                Inspect(property.Value, member, errors);
            }
        }
    }

    private static bool TryText<T>(T json, Func<T, string> read, out string text)
    {
        try
        {
            text = read(json);
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    /// <summary>A place in a body: the name of a member, or the index in a list.</summary>
    private sealed record Place(Place? Within, string? Name, int Index)
    {
        /// <summary>Such as <c>lines/0/quantity</c>.</summary>
        public override string ToString() => Within is null ? "body" : Path;

        private string Path => Within is null ? ""
            : Name is null ? string.Create(CultureInfo.InvariantCulture, $"{Within.Path}/{Index}")
            : Within.Within is null ? Errors.Cut(Name)
            : $"{Within.Path}/{Errors.Cut(Name)}";
    }
}
