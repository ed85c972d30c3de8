namespace Clientele.Server.Privacy;

/// <summary>
/// A chain of audit entries, verified link by link. Faults name rows by their sequence. The hash of an entry covers its owner, its
/// sequence, its content, and the hash of the entry before it.
/// </summary>
/// <param name="entries">The stored entries, ordered by sequence.</param>
/// <param name="counted">The number of entries that the owner's row has counted; null if the owner is gone.</param>
/// <param name="ending">The action that ends a chain whose owner is gone.</param>
internal sealed class AuditChain(IReadOnlyList<AuditEntryBase> entries, long? counted, string ending)
{
    /// <summary>Longer chains are not searched for the former place of a row, because that takes quadratic time.</summary>
    private const int LongestSearch = 100;

    private List<byte[]>? _hashes;

    /// <summary>All hashes that an entry of the chain may follow: the stored ones and the correct ones.</summary>
    private List<byte[]> Hashes => _hashes ??= [[], .. entries.Select(entry => entry.Hash), .. Recomputed()];

    public IEnumerable<string> Faults()
    {
        var next = 1L;
        byte[] previous = [];
        var found = false;
        foreach (var entry in entries)
        {
            if (entry.Sequence < 1)
            {
                yield return Numbered($"audit entry {entry.Sequence} was not written by the service, which begins with 1");
                continue;
            }

            if (Fault(entry, next, previous, found) is { } fault)
            {
                found = true;
                yield return fault;
            }

            (next, previous) = (entry.Sequence + 1, entry.Hash);
        }

        if (counted >= next)
        {
            yield return Missing(next, counted.Value);
        }

        if (counted is null && entries[^1].Action != ending)
        {
            var last = entries[^1].Sequence;
            yield return Numbered(
                $"the audit does not end with {ending}: what comes after entry {last} is missing, or that entry was not written by the service");
        }
    }

    private string? Fault(AuditEntryBase entry, long next, byte[] previous, bool found)
    {
        // After a gap the previous hash is missing. The entry cannot be verified, and the gap is reported.
        var fault = entry.Sequence > next ? Missing(next, entry.Sequence - 1)
            : entry.HashAfter(previous).SequenceEqual(entry.Hash) ? null
            : Misfit(entry, found);
        return fault is null && entry.Sequence > counted
            ? Numbered($"audit entry {entry.Sequence} was not written by the service, which has written {counted}")
            : fault;
    }

    /// <summary>Why an entry does not follow the one before it; null if an earlier fault that is already reported explains it.</summary>
    private string? Misfit(AuditEntryBase entry, bool found)
    {
        if (entries.Count <= LongestSearch)
        {
            if (found && Follows(entry.Sequence))
            {
                return null;
            }

            var others = entries.Select(other => other.Sequence).Where(place => place != entry.Sequence);
            if (others.Cast<long?>().FirstOrDefault(place => Follows(place!.Value)) is { } former)
            {
                return Numbered($"audit entry {entry.Sequence} was entry {former} and has been moved");
            }

            bool Follows(long place) => Hashes.Exists(hash => entry.HashAfter(hash, place).SequenceEqual(entry.Hash));
        }

        return Numbered(entry.Sequence == 1
            ? (FormattableString)$"audit entry 1 has been changed"
            : $"audit entry {entry.Sequence} has been changed, or entry {entry.Sequence - 1} together with its hash");
    }

    /// <summary>The correct hashes of the entries. If only a hash was changed, the next entry follows the correct one.</summary>
    private IEnumerable<byte[]> Recomputed() => entries.Zip(entries.Skip(1), (one, other) => other.HashAfter(one.Hash)).Append(entries[0].HashAfter([]));

    private static string Missing(long from, long to) =>
        Numbered(from == to ? $"audit entry {from} is missing" : (FormattableString)$"audit entries {from} to {to} are missing");

    private static string Numbered(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
