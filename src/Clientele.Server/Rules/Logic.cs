namespace Clientele.Server.Rules;

/// <summary>Combines conditions and drops those that are always true or false.</summary>
internal static class Logic
{
    public static readonly Expression True = Expression.Constant(true);
    public static readonly Expression False = Expression.Constant(false);

    public static Expression And(Expression left, Expression right) =>
        left == True ? right : right == True ? left : left == False || right == False ? False : Expression.AndAlso(left, right);

    public static Expression Or(Expression left, Expression right) =>
        left == False ? right : right == False ? left : left == True || right == True ? True : Expression.OrElse(left, right);

    /// <summary>The exact complement: every condition here is true or false, never unknown.</summary>
    public static Expression Not(Expression condition) =>
        condition == True ? False
        : condition == False ? True
        : condition is UnaryExpression { NodeType: ExpressionType.Not } not ? not.Operand
        : Expression.Not(condition);

    /// <summary>Whether the value is not null.</summary>
    public static Expression IsSet(Expression value) =>
        value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null
            ? True
            : Expression.NotEqual(value, Expression.Constant(null, value.Type));

    public static Expression All(params IEnumerable<Expression> conditions) => conditions.Aggregate(True, And);

    public static Expression Any(IEnumerable<Expression> conditions) => conditions.Aggregate(False, Or);

    public static Expression Compare(Operator op, Expression left, Expression right) => op switch
    {
        Operator.Lt => Expression.LessThan(left, right),
        Operator.Lte => Expression.LessThanOrEqual(left, right),
        Operator.Gt => Expression.GreaterThan(left, right),
        Operator.Gte => Expression.GreaterThanOrEqual(left, right),
        _ => Expression.Equal(left, right),
    };

    /// <summary>A value that becomes a parameter of the statement, so that EF Core translates statements of the same shape only once.</summary>
    public static Expression Parameter(object value, Type type)
    {
        var box = Activator.CreateInstance(typeof(Box<>).MakeGenericType(type), value)!;
        return Expression.Field(Expression.Constant(box), nameof(Box<>.Value));
    }

    /// <summary>The body of a lambda with this argument.</summary>
    public static Expression Of(LambdaExpression lambda, Expression argument) => Http.Swap.In(lambda.Body, lambda.Parameters[0], argument);

    private sealed class Box<T>(T value)
    {
#pragma warning disable CA1051 // EF Core's translator makes a parameter of a field.
        public readonly T Value = value;
#pragma warning restore CA1051
    }
}
