namespace Clientele.Server.Data;

/// <summary>What a table is, so that one machine can become many without a redesign. A house test holds every table to its class.</summary>
internal enum TableClass
{
    /// <summary>Rows of one customer: customer_id leads the primary key, every unique index and every foreign key.</summary>
    Owned,

    /// <summary>Keyed by a claimed value: whoever inserts the row has the value.</summary>
    Claim,

    /// <summary>Small, rarely written and never locked: may be copied to every machine.</summary>
    Reference,

    /// <summary>On one machine, however many there are: what is locked or counted on every change (groups, counters, ids), migrations, keys.</summary>
    Local,
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class TableAttribute(string name, TableClass @class) : Attribute
{
    public string Name => name;

    public TableClass Class => @class;

    /// <summary>The database refuses UPDATE and DELETE.</summary>
    public bool AppendOnly { get; init; }

    /// <summary>The database refuses UPDATE, and a row goes only with its customer.</summary>
    public bool WriteOnce { get; init; }
}
