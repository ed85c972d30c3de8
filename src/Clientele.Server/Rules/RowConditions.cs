namespace Clientele.Server.Rules;

/// <summary>Conditions on the rows of a customer.</summary>
internal static class RowConditions
{
    /// <summary>Whether the customer has a row for which a condition holds.</summary>
    public static Expression Any<T>(IQueryable<T> rows, Expression customer, Func<ParameterExpression, Expression> condition) =>
        Any(typeof(T), rows.Expression, Own<T>(customer, condition));

    /// <summary>The number of the customer's rows for which a condition holds.</summary>
    public static Expression Count<T>(IQueryable<T> rows, Expression customer, Func<ParameterExpression, Expression> condition) =>
        Expression.Call(typeof(Queryable), nameof(Queryable.Count), [typeof(T)], rows.Expression, Expression.Quote(Own<T>(customer, condition)));

    public static Expression Any(Type type, Expression rows, LambdaExpression condition) =>
        Expression.Call(typeof(Queryable), nameof(Queryable.Any), [type], rows, Expression.Quote(condition));

    private static LambdaExpression Own<T>(Expression customer, Func<ParameterExpression, Expression> condition)
    {
        var row = Expression.Parameter(typeof(T));
        var own = Expression.Equal(Expression.Property(row, "CustomerId"), Expression.Property(customer, nameof(Customer.Id)));
        return Expression.Lambda(Logic.And(own, condition(row)), row);
    }
}
