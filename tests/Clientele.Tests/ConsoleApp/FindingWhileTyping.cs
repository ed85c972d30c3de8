using Clientele.Client;
using Clientele.ConsoleApp.Pages.Finding;
using Microsoft.Extensions.Time.Testing;

namespace Clientele.Tests.ConsoleApp;

/// <summary>What the search of the console asks the service for while somebody types.</summary>
[Trait("Database", "Any")]
public sealed class FindingWhileTyping : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<(string Text, CancellationToken Token, TaskCompletionSource<SearchResponse> Answer)> _asked = [];
    private readonly Finder _finder;

    public FindingWhileTyping() => _finder = new Finder(AskAsync, _clock, () => { });

    public void Dispose() => _finder.Dispose();

    [Fact]
    public async Task Only_the_text_after_a_pause_is_searched()
    {
        _ = _finder.TypeAsync("a");
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        _ = _finder.TypeAsync("ad");
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        var last = _finder.TypeAsync(" ada ");
        Assert.Empty(_asked);

        _clock.Advance(Finder.Pause);

        Assert.Equal("ada", Assert.Single(_asked).Text);
        _asked[0].Answer.SetResult(Found("Ada"));
        await last;
        Assert.Equal("Ada", Assert.Single(_finder.Items!).Title);
    }

    [Fact]
    public async Task If_there_are_more_the_last_line_leads_to_all_of_them()
    {
        var typed = _finder.TypeAsync("a & b", atOnce: true);
        _asked[0].Answer.SetResult(Found("A & B", more: true));
        await typed;

        Assert.Equal(["groups/1", "groups?search=a%20%26%20b"], _finder.Items!.Select(item => item.Address));
    }

    [Fact]
    public async Task The_text_is_there_at_once_so_that_fast_typing_loses_nothing()
    {
        _ = _finder.TypeAsync("a");
        var last = _finder.TypeAsync("ab");

        Assert.Equal("ab", _finder.Text);
        await _finder.TypeAsync("");
        await last;
    }

    [Fact]
    public async Task An_earlier_request_is_cancelled_and_its_late_answer_ignored()
    {
        var first = _finder.TypeAsync("ada", atOnce: true);
        var second = _finder.TypeAsync("bob", atOnce: true);
        Assert.True(_asked[0].Token.IsCancellationRequested);

        _asked[1].Answer.SetResult(Found("Bob"));
        _asked[0].Answer.SetResult(Found("Ada"));
        await Task.WhenAll(first, second);

        Assert.Equal("Bob", Assert.Single(_finder.Items!).Title);
    }

    [Fact]
    public async Task A_failure_keeps_the_text_and_a_retry_finds()
    {
        var failing = _finder.TypeAsync("ada", atOnce: true);
        _asked[0].Answer.SetException(new HttpRequestException("Nobody listens."));
        await failing;
        Assert.NotNull(_finder.Failure);
        Assert.Equal("ada", _finder.Text);

        var retried = _finder.TypeAsync(_finder.Text, atOnce: true);
        _asked[1].Answer.SetResult(Found("Ada"));
        await retried;

        Assert.Null(_finder.Failure);
        Assert.Single(_finder.Items!);
    }

    [Fact]
    public void The_selection_goes_over_the_ends()
    {
        _finder.Move(-1, 3);
        Assert.Equal(2, _finder.Selected);
        _finder.Move(1, 3);
        Assert.Equal(0, _finder.Selected);
        _finder.Move(1, 0);
        Assert.Equal(0, _finder.Selected);
    }

    private Task<SearchResponse> AskAsync(string text, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<SearchResponse>();
        _asked.Add((text, cancellationToken, answer));
        return answer.Task;
    }

    private static SearchResponse Found(string group, bool more = false) => new()
    {
        Customers = [],
        MoreCustomers = false,
        Orders = [],
        MoreOrders = false,
        Groups = [new FoundGroup { Id = 1, Name = group, AutoAssign = false, MembersCount = 2 }],
        MoreGroups = more,
    };
}
