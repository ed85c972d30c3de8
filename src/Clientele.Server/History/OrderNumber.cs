namespace Clientele.Server.History;

/// <summary>The customer of an order number. The row stays when the customer is erased, so that a redelivered order finds no customer.</summary>
[Table("order_numbers", TableClass.Claim)]
[PrimaryKey(nameof(Number))]
internal sealed class OrderNumber
{
    public required string Number { get; init; }

    public required long CustomerId { get; init; }

    /// <summary>Claims numbers for customers and returns those that nobody had claimed. A simultaneous claim of the same number waits.</summary>
    public static Task<List<string>> ClaimAsync(ClienteleDb db, string[] numbers, long[] customerIds, CancellationToken cancellationToken)
    {
        var pairs = db.IsPostgres ? "" : JsonSerializer.Serialize(numbers.Zip(customerIds, (number, id) => new object[] { number, id }));
        return db.Database.SqlQuery<string>(db.IsPostgres
            ? (FormattableString)$"""
             INSERT INTO order_numbers (number, customer_id) SELECT number, customer_id FROM unnest({numbers}, {customerIds}) AS claimed (number, customer_id)
             ON CONFLICT DO NOTHING RETURNING number AS "Value"
             """
            : $"""
             INSERT INTO order_numbers (number, customer_id)
             SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each({pairs}) WHERE true
             ON CONFLICT DO NOTHING RETURNING number AS "Value"
             """).ToListAsync(cancellationToken);
    }
}
