using System.Text.RegularExpressions;
using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Support;

/// <summary>
/// The data rules, as far as the text of a statement shows them. This handles the SQL that EF Core and we write, not SQL in general: it recognises
/// tables by their names and conditions by their form.
/// </summary>
internal static partial class StatementRules
{
    /// <summary>The class of each table, and the column that decides on which machine a row is.</summary>
    private static readonly Dictionary<string, (TableClass Class, string Key)> Tables = ReadTables();

    /// <summary>The errors in the statements of one command; empty if there are none.</summary>
    public static IReadOnlyList<string> Complaints(string command) => Complaints(command, Tables);

    /// <summary>The same for other tables than ours.</summary>
    public static IReadOnlyList<string> Complaints(string command, IReadOnlyDictionary<string, (TableClass Class, string Key)> tables)
    {
        var scatters = ScatterTag().IsMatch(command);
        var text = ReadingNothing().Replace(Literal().Replace(Comment().Replace(command, ""), "''"), " ");
        return [.. text.Split(';').SelectMany(statement => ComplaintsOfOne(statement, tables, scatters)).Distinct()];
    }

    private static IEnumerable<string> ComplaintsOfOne(string statement, IReadOnlyDictionary<string, (TableClass Class, string Key)> tables, bool scatters)
    {
        var mentions = Mention().Matches(statement).Where(match => tables.ContainsKey(match.Groups["table"].Value))
            .Select(match => new Mentioned(
                match.Groups["table"].Value,
                tables[match.Groups["table"].Value],
                match.Groups["alias"].Value,
                match.Groups["verb"].Value.ToUpperInvariant()))
            .ToList();
        var owned = mentions.Where(mention => mention.Class == TableClass.Owned).ToList();

        if (Unrepeatable().Match(statement) is { Success: true } call)
        {
            yield return $"{call.Value} belongs into a parameter: times and ids are the application's.";
        }

        var moves = Assigned().Matches(statement).Where(match => match.Value.Contains("customer_id", StringComparison.OrdinalIgnoreCase));
        if (owned.Count > 0 && moves.FirstOrDefault() is { } moved)
        {
            yield return $"customer_id is never updated: {moved.Value.Trim()}.";
        }

        foreach (var complaint in ComplaintsOfShape(statement, mentions, scatters))
        {
            yield return complaint;
        }

        // Assignments are not conditions.
        statement = Assigned().Replace(statement, " ");
        if (owned.Count > 0 && mentions.FirstOrDefault(mention => mention.Class == TableClass.Claim) is { } claim)
        {
            yield return $"{claim.Table} and {owned[0].Table} in one statement: first the claim, then the customer.";
        }

        var spread = mentions.Where(mention => mention.Class is TableClass.Owned or TableClass.Claim).ToList();
        foreach (var mention in spread.Where(mention => !scatters && !mention.IsNarrowedIn(statement)))
        {
            yield return $"{mention.Table} without {mention.Key} = …: narrow it, or tag it \"scatter: why\".";
        }

        if (!scatters && owned.Count > 0 && !owned.Exists(mention => mention.IsGivenIn(statement)))
        {
            yield return $"{owned[0].Table} compared with nothing that was given: {owned[0].Key} = @parameter is missing.";
        }

        // A subquery in a condition and a grouped statement return none of their rows, so a LIMIT does not cut off their joins.
        if (owned.Count > 1 && !statement.Contains("\nGROUP BY ", StringComparison.Ordinal) && JoinAndLimit().IsMatch(WithoutConditions(statement))
            && owned.Find(mention => mention.Verb is "JOIN" && !mention.IsGivenIn(statement)) is { } child)
        {
            yield return $"{child.Table} joined in a statement with LIMIT: root and children each by their own {child.Key}.";
        }
    }

    private static IEnumerable<string> ComplaintsOfShape(string statement, List<Mentioned> mentions, bool scatters)
    {
        if (Star().Match(statement) is { Success: true } star)
        {
            yield return $"{star.Value}: name the columns, for a prepared statement fails when a newer node adds one.";
        }

        if (SkipLocked().IsMatch(statement))
        {
            yield return "SKIP LOCKED: claim by a guarded update and a lease.";
        }

        if (scatters && Exists().IsMatch(statement))
        {
            yield return "EXISTS has all rows sent: ask for one by LIMIT 1.";
        }

        foreach (var mention in RowLock().IsMatch(statement) ? mentions : [])
        {
            if (mention.Class == TableClass.Reference)
            {
                yield return $"{mention.Table} is a reference table, which is never locked.";
            }
            else if (!mention.IsOneIn(statement))
            {
                yield return $"{mention.Table} locked without {mention.Key} = @parameter: a lock names one row.";
            }
        }
    }

    private static Dictionary<string, (TableClass Class, string Key)> ReadTables()
    {
        using var db = new SqliteClienteleDb(new DbContextOptionsBuilder<SqliteClienteleDb>().UseSqlite("Data Source=:memory:").Options);
        return db.Model.GetEntityTypes()
            .Select(entity => (Table: TableAttribute.Of(entity.ClrType), Key: entity.FindPrimaryKey()!.Properties[0].GetColumnName()))
            .ToDictionary(table => table.Table.Name, table => (table.Table.Class, table.Key));
    }

    private static string WithoutConditions(string statement)
    {
        for (var shorter = Subselect().Replace(statement, " "); shorter.Length < statement.Length; shorter = Subselect().Replace(statement, " "))
        {
            statement = shorter;
        }

        return statement;
    }

    private sealed record Mentioned(string Table, (TableClass Class, string Key) Declared, string Alias, string Verb)
    {
        public TableClass Class => Declared.Class;

        public string Key => Declared.Key;

        private string Column => Alias.Length > 0 ? $"\"?{Alias}\"?\\.\"?{Key}\"?(?!\\w)" : $"(?<![\\w.]|\\.\")\"?(?<!\\w){Key}\"?(?!\\w)";

        /// <summary>Whether the key is compared with anything, or is among the inserted columns.</summary>
        public bool IsNarrowedIn(string statement) =>
            Is(statement, $"{Column}\\s*(=|IN\\s*\\()") || Is(statement, $"=\\s*{Column}") || IsInserted(statement);

        /// <summary>Whether the key is compared with a parameter, or is among the inserted columns.</summary>
        public bool IsGivenIn(string statement) =>
            Is(statement, $"{Column}\\s*(=\\s*(ANY\\s*\\(\\s*)?[@$]|IN\\s*\\()") || Is(statement, $"[@$]\\w+\\s*=\\s*{Column}") || IsInserted(statement);

        /// <summary>Whether the key is compared with a single parameter.</summary>
        public bool IsOneIn(string statement) => Is(statement, $"{Column}\\s*=\\s*[@$]");

        private bool IsInserted(string statement) => Verb == "INTO" && Is(statement, $"INTO\\s+\"?{Table}\"?\\s*\\([^)]*(?<!\\w){Key}(?!\\w)");

        private static bool Is(string statement, string pattern) => Regex.IsMatch(statement, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    [GeneratedRegex(@"^-- scatter: \S+", RegexOptions.Multiline)]
    private static partial Regex ScatterTag();

    /// <summary>SELECT * in any form; count(*) is something else.</summary>
    [GeneratedRegex(@"\b(SELECT|RETURNING)\s+(DISTINCT\s+)?\*|[\w""]\.\*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Star();

    [GeneratedRegex(@"\bSKIP\s+LOCKED\b", RegexOptions.IgnoreCase)]
    private static partial Regex SkipLocked();

    [GeneratedRegex(@"\A\s*SELECT\s+EXISTS\b", RegexOptions.IgnoreCase)]
    private static partial Regex Exists();

    [GeneratedRegex(@"\bFOR\s+(NO\s+KEY\s+UPDATE|UPDATE|KEY\s+SHARE|SHARE)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex RowLock();

    [GeneratedRegex(@"--.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bSET\b(.|\n)*?(?=\bWHERE\b|\bFROM\b|\bRETURNING\b|\z)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Assigned();

    /// <summary>A parenthesised SELECT without LIMIT or ROW_NUMBER; parentheses inside it are balanced.</summary>
    [GeneratedRegex(
        @"\(\s*SELECT\b((?!\bLIMIT\b|\bROW_NUMBER\b)([^()]|\((?<open>)|\)(?<-open>)))*?(?(open)(?!))\)",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Subselect();

    /// <summary>What EF Core writes if it knows that no row can match.</summary>
    [GeneratedRegex(@"\bFROM\s+""?\w+""?(\s+AS\s+""?\w+""?)?\s+WHERE\s+(FALSE|0)\s*(?=\)|\z)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex ReadingNothing();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Literal();

    [GeneratedRegex(
        @"\b(?<verb>FROM|JOIN|UPDATE|INTO)\s+""?(?<table>\w+)""?(\s+AS\s+""?(?<alias>\w+)""?)?",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Mention();

    [GeneratedRegex(
        @"\b(now|random|randomblob|gen_random_uuid|uuid_generate_v\w+|\w+_timestamp|nextval)\s*\("
            + @"|\b(current_timestamp|current_date|current_time|localtime|localtimestamp)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Unrepeatable();

    [GeneratedRegex(@"\bJOIN\b(.|\n)*\bLIMIT\b|\bLIMIT\b(.|\n)*\bJOIN\b|\bROW_NUMBER\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex JoinAndLimit();
}
