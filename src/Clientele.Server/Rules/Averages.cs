namespace Clientele.Server.Rules;

/// <summary>Averages, compared exactly as sum against value × count. Missing if there is nothing to count.</summary>
internal static class Averages
{
    /// <summary>In hundredths. With a larger value, the product with a count could overflow.</summary>
    private const decimal Largest = 999_999_999_999m;

    public static Func<Expression, Expression, Expression>? Read(FieldType type, Operator op, JsonElement value, RuleReader reader, string pointer)
    {
        if (Bounds.Pair(type, op, value, reader, pointer) is not var (from, to))
        {
            return null;
        }

        // Numbers are compared in hundredths, as money is in minor units.
        var scale = type == FieldType.Number ? 100 : 1;
        if (decimal.Truncate(from * scale) != from * scale || decimal.Truncate(to * scale) != to * scale
            || Math.Abs(from * scale) > Largest || Math.Abs(to * scale) > Largest)
        {
            return reader.Fail<Func<Expression, Expression, Expression>>(
                pointer, "A value compared with an average must have at most two decimal places and be at most 9999999999.99.");
        }

        var (lower, upper) = ((long)(from * scale), (long)(to * scale));
        return (sum, count) =>
        {
            var scaled = scale == 1 ? sum : Expression.Multiply(sum, Expression.Constant((long)scale));
            var isThere = Expression.GreaterThan(count, Expression.Constant(0L));
            return op == Operator.Between
                ? Logic.All(isThere, Logic.Compare(Operator.Gte, scaled, Times(count, lower)), Logic.Compare(Operator.Lte, scaled, Times(count, upper)))
                : Logic.And(isThere, Logic.Compare(op, scaled, Times(count, lower)));
        };
    }

    private static BinaryExpression Times(Expression count, long value) => Expression.Multiply(count, Logic.Parameter(value, typeof(long)));
}
