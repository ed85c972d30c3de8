namespace Clientele.ConsoleApp.Pages.Finding;

/// <summary>The customers that were opened last. They are in memory only, and forgotten when somebody signs out.</summary>
internal sealed class RecentCustomers
{
    private const int Most = 8;

    private readonly List<FoundItem> _items = [];

    public RecentCustomers(SignedIn signedIn) => signedIn.Changed += () =>
    {
        if (signedIn.Me is null)
        {
            _items.Clear();
        }
    };

    /// <summary>The last one first.</summary>
    public IReadOnlyList<FoundItem> Items => _items;

    /// <summary>Forgets a customer who does not exist any longer.</summary>
    public void Remove(long customer) => _items.RemoveAll(known => known.Address == FoundItem.CustomerAddress(customer));

    /// <summary>Remembers an item that was opened, if it is a customer.</summary>
    public void Add(FoundItem item)
    {
        if (item is { Kind: FoundKind.Customer, IsRest: false })
        {
            _items.RemoveAll(known => known.Address == item.Address);
            _items.Insert(0, item);
            _items.RemoveRange(Math.Min(Most, _items.Count), Math.Max(0, _items.Count - Most));
        }
    }
}
