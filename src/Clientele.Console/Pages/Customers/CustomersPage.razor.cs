using System.Globalization;
using Clientele.Client;
using Clientele.ConsoleApp.Shared;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;
using MudBlazor;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>The list of customers. The address has its whole state but the selection, so a reload, a link and the back button show the same.</summary>
public sealed partial class CustomersPage
{
    private const int PageSize = 50;
    private const int LargestPage = 100;
    private const int MostIds = 1000;

    /// <summary>Servers and proxies take addresses of 8,000 characters.</summary>
    private const int LongestQuery = 7000;
    private const string StoredColumns = "customers.columns";

    private readonly Dictionary<long, string> _groupNames = [];
    private HashSet<long> _selected = [];
    private IReadOnlyList<CustomerColumn> _columns = CustomerColumn.Chosen(null);
    private CustomerFilters _filters = CustomerFilters.Parse("");
    private Lifetime _loading = new();
    private List<CustomerSummary>? _rows;
    private Exception? _failure;
    private string _typed = "";
    private string? _next, _currency;
    private long? _count;
    private double? _top;
    private bool _isEstimate, _isAll, _areOld, _isLoading, _isSlow, _isLoadingMore, _isExporting;

    /// <summary>Until the number is known, the line is empty but there, so that nothing moves.</summary>
    private string CountText => _count is not { } count || _rows is null ? "\u00A0"
        : _filters.IsEmpty ? $"{Counted}, staff included"
        : $"{Counted} {Wording.Of(count, "matches", "match")}";

    private string Counted => (_isEstimate ? "≈ " : "") + Wording.Count(_count ?? 0, "customer");

    private string Everybody => Counted + (_filters.IsEmpty ? "" : " that " + Wording.Of(_count ?? 0, "matches", "match"));

    private string EmptyText =>
        !_filters.Set.Any() ? "Search for something else."
        : _filters.Search.Length == 0 ? "Remove or change a filter."
        : "Remove a filter, or search for something else.";

    private string Selected => _isAll ? $"All {Everybody} are selected" : $"{Number(_selected.Count)} selected";

    public void Dispose()
    {
        Navigation.LocationChanged -= OnMoved;
        _loading.Dispose();
        if (_rows is not null && !_areOld)
        {
            Place.Keep(new(_filters.ToString(), _rows, _next, _count, _isEstimate));
        }
    }

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnMoved;
        _filters = CustomerFilters.Parse(new Uri(Navigation.Uri).Query);
        _typed = _filters.Search;
        _columns = CustomerColumn.Chosen(await JS.InvokeAsync<string?>("clientele.preference", StoredColumns).ConfigureAwait(true));
        if (await JS.InvokeAsync<double?>("clientele.cameBack").ConfigureAwait(true) is { } top && Place.Find(_filters.ToString()) is { } kept)
        {
            // What was left is there at once; what has changed meanwhile follows.
            (_rows, _next, _count, _isEstimate, _top) = ([.. kept.Rows], kept.Next, kept.Count, kept.IsEstimate, top);
            StateHasChanged();
        }

        await LoadAsync().ConfigureAwait(true);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_top is { } top && _rows is not null)
        {
            _top = null;
            await JS.InvokeVoidAsync("clientele.scroll", top).ConfigureAwait(true);
        }
    }

    private static string Number(long number) => Wording.Number(number);

    private void OnMoved(object? sender, LocationChangedEventArgs moved)
    {
        var address = new Uri(moved.Location);
        if (!address.AbsolutePath.EndsWith("/customers", StringComparison.Ordinal))
        {
            return;
        }

        var filters = CustomerFilters.Parse(address.Query);
        if (filters.ToString() != _filters.ToString() || filters.NotUnderstood.Count != _filters.NotUnderstood.Count)
        {
            // The search box keeps what is being typed, such as a blank at the end.
            _typed = filters.Search == _typed.Trim() ? _typed : filters.Search;
            _filters = filters;

            // The rows stay, paler, until those of the new address have come.
            (_count, _next, _areOld) = (null, null, true);
            ClearSelection();
            StateHasChanged();
            _ = InvokeAsync(LoadAsync);
        }
    }

    private void Go(CustomerFilters filters, bool replace = false) => Navigation.NavigateTo($"customers{filters}", replace: replace);

    /// <summary>While somebody types, there is one entry in the history and not one for each letter.</summary>
    private void SearchFor(string? text)
    {
        var was = _filters.Search;
        _typed = text ?? "";
        if (_typed.Trim() != was)
        {
            Go(_filters.WithSearch(_typed), replace: was.Length > 0 && _typed.Trim().Length > 0);
        }
    }

    private async Task EditAsync(CustomerFilter? filter, string? present)
    {
        if (await FilterDialog.AskAsync(Dialogs, filter, present).ConfigureAwait(true) is var (chosen, value))
        {
            Go(_filters.With(chosen, value));
        }
    }

    private async Task LoadAsync()
    {
        _loading.Dispose();
        _loading = new();
        var stop = _loading.Token;
        _failure = null;
        if (_filters.NotUnderstood.Count > 0)
        {
            StateHasChanged();
            return;
        }

        _isLoading = true;
        _ = TellIfSlowAsync(stop);
        try
        {
            // A page by cursor has no count, and a page by number has no cursor.
            var query = _filters.ToQuery();
            var counting = Api.Customers.ListAsync(query with { OrderBy = null, PageSize = 1 }, stop);
            (_rows, _next) = await ReadAsync(query, _areOld ? 0 : _rows?.Count ?? 0, stop).ConfigureAwait(true);
            _areOld = false;
            var counted = await counting.ConfigureAwait(true);
            (_count, _isEstimate) = (counted.Count, counted.CountIsEstimate == true);
            await ReadNamesAsync(stop).ConfigureAwait(true);
        }
        catch (Exception failure) when (Failures.Is(failure))
        {
            _failure = stop.IsCancellationRequested ? null : failure;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A newer load shows its own rows.
            return;
        }

        (_isLoading, _isSlow) = (false, false);
        StateHasChanged();
    }

    /// <summary>Reads the first rows: one page, or as many as were shown before.</summary>
    private async Task<(List<CustomerSummary> Rows, string? Next)> ReadAsync(CustomerQuery query, int shown, CancellationToken stop)
    {
        var (rows, next) = (new List<CustomerSummary>(), (string?)"");
        do
        {
            var size = shown - rows.Count > PageSize ? LargestPage : PageSize;
            var page = await Api.Customers.ListAsync(query with { Cursor = next, PageSize = size }, stop).ConfigureAwait(true);
            rows.AddRange(page.Results);
            next = page.NextCursor;
        }
        while (next is not null && rows.Count < shown);
        return (rows, next);
    }

    private async Task TellIfSlowAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(300, stop).ConfigureAwait(true);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        _isSlow = _isLoading;
        StateHasChanged();
    }

    /// <summary>Reads the name of the group that a chip shows, and the currency of amounts.</summary>
    private async Task ReadNamesAsync(CancellationToken stop)
    {
        _currency ??= await Store.ReadAsync().ConfigureAwait(true);
        if (_filters.ToQuery().Group is { } id && !_groupNames.ContainsKey(id))
        {
            try
            {
                _groupNames[id] = (await Api.Groups.GetAsync(id, stop).ConfigureAwait(true)).Value.Name;
            }
            catch (ClienteleException gone) when (gone.Code == "not_found")
            {
                _groupNames[id] = string.Create(CultureInfo.CurrentCulture, $"#{id} (deleted)");
            }
        }
    }

    private async Task LoadMoreAsync()
    {
        _isLoadingMore = true;
        var stop = _loading.Token;
        try
        {
            var page = await Api.Customers.ListAsync(_filters.ToQuery() with { Cursor = _next, PageSize = PageSize }, stop).ConfigureAwait(true);
            stop.ThrowIfCancellationRequested();
            _rows!.AddRange(page.Results);
            _next = page.NextCursor;
        }
        catch (Exception failure) when (Failures.Is(failure))
        {
            Save.Show(failure);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }

        _isLoadingMore = false;
    }

    private async Task ToggleAsync(CustomerColumn column)
    {
        _columns = [.. CustomerColumn.All.Where(other => _columns.Contains(other) != (other == column))];
        await JS.InvokeVoidAsync("clientele.choose", StoredColumns, string.Join(',', _columns.Select(shown => shown.Key))).ConfigureAwait(true);
    }

    private void SelectionChanged(HashSet<long> selected) => (_selected, _isAll) = (selected, false);

    private void ClearSelection() => SelectionChanged(_selected.Count == 0 ? _selected : []);

    private async Task ActAsync(string action)
    {
        if (!_isAll && _selected.Count > MostIds)
        {
            Snackbar.Add("At most 1000 customers can be selected one by one. Select all that match instead.", Severity.Warning);
            return;
        }

        var number = _isAll ? _count ?? 0 : _selected.Count;
        var parameters = new DialogParameters<BulkDialog>
        {
            { d => d.Action, action },
            { d => d.Ids, _isAll ? null : [.. _selected.Order()] },
            { d => d.Query, _filters.ToQuery() },
            { d => d.Number, number },
            { d => d.IsEstimate, _isAll && _isEstimate },
            { d => d.Ended, Microsoft.AspNetCore.Components.EventCallback.Factory.Create(this, LoadAsync) },
        };
        var options = new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, BackdropClick = false };
        var dialog = await Dialogs.ShowAsync<BulkDialog>(BulkTexts.Name(action), parameters, options).ConfigureAwait(true);
        if (await dialog.Result.ConfigureAwait(true) is { Canceled: false })
        {
            ClearSelection();
            await LoadAsync().ConfigureAwait(true);
        }
    }

    private Task ShowJobsAsync() => Dialogs.ShowAsync<BulkJobsDialog>(
        "Bulk jobs", new DialogOptions { MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true });

    private async Task ExportAsync()
    {
        var query = _filters.ToQuery() with { OrderBy = null };
        if (!_isAll && _selected.Count > 0)
        {
            query = new CustomerQuery { Ids = [.. _selected.Order()] };
            if (_selected.Count > MostIds || string.Join(',', query.Ids).Length > LongestQuery)
            {
                Snackbar.Add("Too many customers are selected one by one. Select all that match instead.", Severity.Warning);
                return;
            }
        }

        _isExporting = true;
        Stream? file = null;
        try
        {
            if (await Save.RunAsync(async () => file = await Api.Customers.ExportAsync(query).ConfigureAwait(true)).ConfigureAwait(true) && file is not null)
            {
                var files = await JS.InvokeAsync<IJSObjectReference>("import", "./js/files.js").ConfigureAwait(true);
                using var stream = new DotNetStreamReference(file);
                await files.InvokeVoidAsync("save", "customers.csv", "text/csv", stream).ConfigureAwait(true);
                await files.DisposeAsync().ConfigureAwait(true);
            }
        }
        catch (JSException)
        {
            Snackbar.Add("The export was interrupted. Try again.", Severity.Error);
        }

        _isExporting = false;
    }

    private async Task SaveAsSegmentAsync()
    {
        if (_filters.NotInRule is { Count: > 0 } left)
        {
            var go = await Dialogs.ShowMessageBoxAsync(
                "Some filters cannot be part of a segment",
                $"The segment leaves these out: {string.Join(", ", left)}. It has more members than this list has customers.",
                yesText: "Go on without them", cancelText: "Cancel").ConfigureAwait(true);
            if (go is not true)
            {
                return;
            }
        }

        Navigation.NavigateTo($"segments/new?rule={Uri.EscapeDataString(_filters.ToRule().ToJsonString())}");
    }
}
