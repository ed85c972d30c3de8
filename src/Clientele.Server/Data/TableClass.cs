using System.Reflection;

namespace Clientele.Server.Data;

/// <summary>
/// The class of a table, so that the database can move from one machine to many without a redesign. A test checks every table against its class, and
/// every statement: one that cannot name a single customer says why in a comment, <c>-- scatter: …</c>.
/// </summary>
internal enum TableClass
{
    /// <summary>Rows of one customer: customer_id comes first in the primary key, every unique index and every foreign key.</summary>
    Owned,

    /// <summary>Keyed by a claimed value: the transaction that inserts the row owns the value.</summary>
    Claim,

    /// <summary>Small, rarely written and never locked: may be copied to every machine.</summary>
    Reference,

    /// <summary>On one machine, however many there are: what every change locks or counts (groups, counters, ids), migrations, keys.</summary>
    Local,
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class TableAttribute(string name, TableClass @class) : Attribute
{
    public string Name => name;

    public TableClass Class => @class;

    /// <summary>
    /// How full PostgreSQL packs a page, in percent; 0 for its default. Room for the next version of a row lets most changes touch none of its indexes.
    /// </summary>
    public int FillFactor { get; init; }

    /// <summary>The database refuses UPDATE and DELETE.</summary>
    public bool AppendOnly { get; init; }

    /// <summary>The database refuses UPDATE, and a row is deleted only with its customer.</summary>
    public bool WriteOnce { get; init; }

    /// <summary>The database deletes a customer's rows with the customer.</summary>
    public bool Cascades { get; init; }

    /// <summary>The declaration of an entity's table. An entity of a package does not have it; the class that configures that entity does.</summary>
    public static TableAttribute Of(Type entity) =>
        entity.GetCustomAttribute<TableAttribute>()
        ?? Array.Find(typeof(TableAttribute).Assembly.GetTypes(), type => type.IsAssignableTo(typeof(IEntityTypeConfiguration<>).MakeGenericType(entity)))
            ?.GetCustomAttribute<TableAttribute>()
        ?? throw new InvalidOperationException($"{entity.Name} does not declare its class of table: give it a [Table].");
}
