using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>
/// Random rules over random customers at awkward instants, each compared with a naive interpreter. <see cref="LongRun"/> runs more of them, and
/// others.
/// </summary>
public sealed class MatchingAsTheInterpreterDoes(RuleWalk walk) : IClassFixture<RuleWalk>
{
    [Fact]
    public async Task Random_rules_match_whom_they_should() => (await walk.DoneAsync()).AtRandom.ExpectNone();

    [Fact]
    public async Task The_same_rules_stay_right_as_the_clock_goes_on() => (await walk.DoneAsync()).Everywhere.ExpectNone();

    [Fact]
    public async Task Every_node_and_its_negation_share_out_the_active_customers() => (await walk.DoneAsync()).Parted.ExpectNone();

    [Fact]
    public async Task Explanations_say_of_every_node_what_is_true_and_whether_it_decides() => (await walk.DoneAsync()).Explained.ExpectNone();
}
