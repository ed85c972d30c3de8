namespace Clientele.Server.Addresses;

/// <summary>How a country writes addresses, in the notation of the data file: <c>%N%n%O%n%A%n%Z %C</c>.</summary>
internal sealed class AddressFormat
{
    /// <summary>For countries that the data file does not describe.</summary>
    public const string Usual = "%N%n%O%n%A%n%C %S %Z";

    private const char Literal = '\0';

    private readonly List<List<(char Part, string Literal)>> _lines;
    private readonly string _literals;

    public AddressFormat(string notation)
    {
        _lines = [.. notation.Split("%n").Select(line => Tokens(line).ToList())];
        _literals = string.Concat(_lines.SelectMany(line => line).Select(token => token.Literal));

        // A city or a code that the country's letters do not need may still help.
        if (!Has('C'))
        {
            AddCity();
        }

        if (!Has('Z'))
        {
            _lines.FindLast(line => line.Exists(token => token.Part is 'A' or 'C' or 'S'))!.AddRange([(Literal, " "), ('Z', "")]);
        }

        Parts = [.. _lines.SelectMany(line => line).Select(token => token.Part).Where(part => part != Literal).Distinct()];
    }

    /// <summary>The letters of the parts, in the order in which they are written.</summary>
    public IReadOnlyList<char> Parts { get; }

    /// <summary>The address in one line, without missing parts and their separators.</summary>
    public string Write(Func<char, string?> part) => string.Join(", ", _lines.Select(line => Write(line, part)).Where(line => line.Length > 0));

    private bool Has(char part) => _lines.Exists(line => line.Exists(token => token.Part == part));

    /// <summary>Adds the city between the street and the region.</summary>
    private void AddCity()
    {
        var street = _lines.FindIndex(line => line.Exists(token => token.Part == 'A'));
        if (_lines.Take(street).Any(line => line.Exists(token => token.Part == 'S')))
        {
            _lines.Insert(street, [('C', "")]);
        }
        else
        {
            _lines[street].InsertRange(_lines[street].FindIndex(token => token.Part == 'A') + 1, [(Literal, ", "), ('C', "")]);
        }
    }

    private string Write(List<(char Part, string Literal)> line, Func<char, string?> part)
    {
        if (line.TrueForAll(token => token.Part == Literal))
        {
            return string.Concat(line.Select(token => token.Literal));
        }

        var written = new StringBuilder();
        for (var i = 0; i < line.Count; i++)
        {
            // Some formats name the only city themselves.
            if (line[i].Part != Literal && part(line[i].Part) is { Length: > 0 } value
                && !(line[i].Part == 'C' && _literals.Contains(value, StringComparison.OrdinalIgnoreCase)))
            {
                // What stands before a part belongs to it: a separator if something precedes it, or a prefix.
                if (i > 0 && line[i - 1].Part == Literal && (written.Length > 0 || i == 1))
                {
                    written.Append(line[i - 1].Literal);
                }

                written.Append(value);
            }
        }

        return written.ToString();
    }

    private static IEnumerable<(char Part, string Literal)> Tokens(string line)
    {
        for (var i = 0; i < line.Length;)
        {
            if (line[i] == '%' && i + 1 < line.Length)
            {
                yield return (line[i + 1], "");
                i += 2;
            }
            else
            {
                var end = line.IndexOf('%', i) is var next and >= 0 ? next : line.Length;
                yield return (Literal, line[i..end]);
                i = end;
            }
        }
    }
}
