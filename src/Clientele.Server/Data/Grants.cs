namespace Clientele.Server.Data;

/// <summary>
/// Lets the service run under a role that owns nothing. The role gets the same privileges on each table that the owner has kept, so tables that are
/// append-only for the owner are so for the role, and only the owner can change that. On tables where nothing may be updated, the role may not delete
/// either.
/// </summary>
internal static class Grants
{
    /// <summary>
    /// Grants a role what it needs to run the service. Also renews the grants of all roles that have them, because there may be new tables.
    /// </summary>
    public static async Task RenewAsync(ClienteleDb db, string? role, CancellationToken cancellationToken)
    {
        // The statements contain only names of roles and tables, quoted by the server.
        var statements = await db.Database.SqlQuery<string>(
            $"""
             WITH roles AS (
                 SELECT quote_ident(named.role) AS name FROM (SELECT {role}::text AS role) AS named WHERE named.role IS NOT NULL
                 UNION
                 SELECT quote_ident(pg_get_userbyid(a.grantee)) FROM pg_class AS c, aclexplode(c.relacl) AS a
                 WHERE c.oid = to_regclass('customers') AND a.privilege_type = 'INSERT' AND a.grantee NOT IN (0, c.relowner)),
             kept AS (
                 SELECT c.relname, string_agg(p.privilege, ', ') AS privileges
                 FROM pg_class AS c CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p (privilege)
                 WHERE c.relnamespace = to_regnamespace(quote_ident(current_schema())) AND c.relkind IN ('r', 'p')
                 AND pg_get_userbyid(c.relowner) = current_user AND has_table_privilege(c.oid, p.privilege)
                 AND (p.privilege <> 'DELETE' OR has_table_privilege(c.oid, 'UPDATE'))
                 AND (c.relname <> '__EFMigrationsHistory' OR p.privilege = 'SELECT')
                 GROUP BY c.relname)
             SELECT format('GRANT USAGE ON SCHEMA %I TO %s', current_schema(), name) AS "Value" FROM roles
             UNION ALL
             SELECT format('REVOKE ALL ON %1$I FROM %2$s; GRANT %3$s ON %1$I TO %2$s', relname, name, privileges) FROM roles CROSS JOIN kept
             """).ToListAsync(cancellationToken);
        foreach (var statement in statements)
        {
            await db.Database.ExecuteSqlRawAsync(statement, cancellationToken);
        }
    }
}
