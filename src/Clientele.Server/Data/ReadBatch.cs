using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Clientele.Server.Data;

/// <summary>
/// Statements that are sent in one round trip and read without EF Core's queries. EF Core sends the command, so it uses the context's connection,
/// transaction and time limit, and interceptors see it.
/// </summary>
internal sealed class ReadBatch(params string[] statements)
{
    public string Sql { get; } = string.Join(";\n", statements);

    /// <summary>Sends the statements. Each of them may use any of the parameters.</summary>
    public async Task<ReadResults> SendAsync(ClienteleDb db, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        var (builder, types) = (db.GetService<IRelationalCommandBuilderFactory>().Create(), db.GetService<IRelationalTypeMappingSource>());
        var values = new Dictionary<string, object?>(parameters.Length);
        foreach (var (name, value) in parameters)
        {
            builder.AddParameter(name, name, types.GetMapping(value.GetType()), nullable: false);
            values.Add(name, value);
        }

        // The builder would copy the text for every call.
        var command = new RelationalCommand(db.GetService<RelationalCommandBuilderDependencies>(), Sql, Sql, builder.Build().Parameters);
        var (connection, logger) = (db.GetService<IRelationalConnection>(), db.GetService<IRelationalCommandDiagnosticsLogger>());
        var call = new RelationalCommandParameterObject(connection, values, readerColumns: null, db, logger, CommandSource.FromSqlQuery);
        return new(await command.ExecuteReaderAsync(call, cancellationToken), cancellationToken);
    }
}
