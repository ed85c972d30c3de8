namespace Clientele.Server.Rules;

/// <summary>Parses what a related node asks of the rows together: how many there are, or an aggregate.</summary>
internal sealed class HavingReader(RuleReader reader)
{
    public static readonly string[] Aggregates = ["count", "count_distinct", "sum", "min", "max", "avg"];

    public static readonly Having AnyRow = new RowCount(null, Distinct: false, new Interval(1L, null));

    public (Having? Having, bool Negated) Read(JsonElement value, string kind, string pointer, Relation relation) => kind switch
    {
        "having" => Aggregate(value, pointer, relation),
        "no_rows" or "every" when value.ValueKind != JsonValueKind.True => Wrong(pointer, "Must be true or be left out."),
        "no_rows" => (AnyRow, true),
        "every" => (new EveryRow(), false),
        _ when RuleReader.Whole(value, 0, 1_000_000) is { } rows =>
            (new RowCount(null, Distinct: false, new Interval(kind == "at_most" ? null : rows, kind == "at_least" ? null : rows)), false),
        _ => Wrong(pointer, "Must be a whole number from 0 to 1000000."),
    };

    private (Having? Having, bool Negated) Wrong(string pointer, string message) => (reader.Fail<Having>(pointer, message), false);

    private (Having? Having, bool Negated) Aggregate(JsonElement json, string pointer, Relation relation)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Wrong(pointer, """Must be an aggregate, such as {"agg": "sum", "of": "net", "op": "gte", "value": "100.00"}.""");
        }

        reader.Unknown(json, pointer, ["agg", "of", "op", "value"]);
        var aggregate = RuleReader.Text(json, "agg");
        if (!Aggregates.Contains(aggregate))
        {
            return Wrong(pointer + "/agg", $"Must be one of {string.Join(", ", Aggregates)}.");
        }

        var member = relation.Member(RuleReader.Text(json, "of"));
        var fitting = relation.Members.Where(known => aggregate switch
        {
            "count" or "count_distinct" => true,
            "sum" or "avg" => known.Type is FieldType.Number or FieldType.Money,
            _ => known.Type is FieldType.Number or FieldType.Money or FieldType.Instant,
        }).ToList();
        if (member is null ? aggregate != "count" || json.TryGetProperty("of", out _) : !fitting.Contains(member))
        {
            return Wrong(pointer + "/of", $"Must be one of {string.Join(", ", fitting.Select(known => known.Name))}.");
        }

        var type = aggregate is "count" or "count_distinct" ? FieldType.Number : member!.Type;
        string[] withoutPresence = [.. Operators.Of(type).Except(["is_set", "is_missing"])];
        var operators = aggregate is "avg" or "min" or "max" ? Operators.Of(type) : withoutPresence;
        return reader.Comparison(json, operators, pointer, (op, value, at) => Compare(aggregate, member, type, op, value, at)) ?? default;
    }

    private Having? Compare(string aggregate, ValueField? member, FieldType type, Operator op, JsonElement value, string pointer) => aggregate switch
    {
        _ when op == Operator.IsSet => new RowCount(member, Distinct: false, new Interval(1L, null)),
        "avg" => Averages.Read(type, op, value, reader, pointer) is { } average ? new RowAverage(member!, average) : null,
        "min" or "max" => Bounds.Read(type, op, value, reader, pointer) is { } bounds ? new RowExtreme(member!, bounds, Greatest: aggregate == "max") : null,
        _ => Bounds.Numbers(type, op, value, reader, pointer) is not { } interval ? null
            : aggregate == "sum" ? new RowSum(member!, interval)
            : new RowCount(member, aggregate == "count_distinct", interval),
    };
}
