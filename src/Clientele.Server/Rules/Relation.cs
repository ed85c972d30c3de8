namespace Clientele.Server.Rules;

/// <summary>Rows that belong to customers and that rules can test.</summary>
/// <param name="Rows">The rows of all customers.</param>
/// <param name="Customer">The customer's id in a row.</param>
/// <param name="Exists">The condition without which a row is ignored.</param>
/// <param name="Reads">The facets that change with the rows.</param>
internal sealed record Relation(
    string Name, Type Row, Func<ClienteleDb, Expression> Rows, LambdaExpression Customer, LambdaExpression Exists,
    IReadOnlyList<ValueField> Members, Facets Reads)
{
    /// <summary>The member that decides whether a row counts…</summary>
    public string? Status { get; init; }

    /// <summary>…and the condition for it: rows that do not count are left out if the rule does not test the status.</summary>
    public LambdaExpression? Counts { get; init; }

    public ValueField? Member(string name) => Members.FirstOrDefault(member => member.Name == name);
}
