namespace Clientele.Server.Rules;

/// <summary>Texts, folded like their columns before they are compared. An empty text is missing.</summary>
internal static class Texts
{
    public const string Expected = "a text of 1 to 1000 characters";
    private const int Longest = 1000;

    public static Expression IsSet(Expression text) =>
        Expression.AndAlso(Expression.NotEqual(text, Expression.Constant(null, typeof(string))), Expression.NotEqual(text, Expression.Constant("")));

    public static Func<Expression, Expression>? Read(Operator op, JsonElement value, RuleReader reader, string pointer, Func<string, string> fold)
    {
        if (reader.List(op, value, pointer, Expected, Of) is not { } wanted)
        {
            return null;
        }

        string[] folded = [.. wanted.Cast<string>().Select(fold).Distinct(StringComparer.Ordinal)];
        var method = op switch
        {
            Operator.Contains => nameof(string.Contains),
            Operator.StartsWith => nameof(string.StartsWith),
            Operator.EndsWith => nameof(string.EndsWith),
            _ => null,
        };
        return method is null
            ? text => OneOf.Of(text, folded)
            : text => Expression.AndAlso(
                Expression.NotEqual(text, Expression.Constant(null, typeof(string))),
                Expression.Call(text, typeof(string).GetMethod(method, [typeof(string)])!, Logic.Parameter(folded[0], typeof(string))));
    }

    public static string? Of(JsonElement element) =>
        element.ValueKind == JsonValueKind.String && element.GetString() is { Length: <= Longest } text
        && !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
}
