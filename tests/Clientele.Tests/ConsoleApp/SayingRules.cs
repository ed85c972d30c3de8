using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.ConsoleApp.Rules;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The sentence above the console's builder says what the rule means.</summary>
[Trait("Database", "Any")]
public sealed class SayingRules
{
    [Theory]
    [InlineData("{}", "There is no rule yet.")]
    [InlineData("""{"all":[]}""", "All active customers.")]
    [InlineData("""{"any":[]}""", "Nobody, because an empty “any of” is never true.")]
    [InlineData("""{"field":"is_vip","op":"eq","value":true}""", "Active customers who are VIP.")]
    [InlineData("""{"field":"is_vip","op":"ne","value":true}""", "Active customers who are not VIP.")]
    [InlineData("""{"field":"is_active","op":"eq","value":false}""", "Customers who are not active.")]
    [InlineData("""{"field":"is_active","op":"in","value":[true,false]}""", "Customers who are active or not.")]
    [InlineData("""{"field":"accepts_marketing_email","op":"eq","value":false}""", "Active customers who do not accept marketing by e-mail.")]
    [InlineData("""{"field":"phone_verified","op":"eq","value":true}""", "Active customers whose phone is verified.")]
    [InlineData("""{"field":"email","op":"ends_with","value":"@example.com"}""", "Active customers whose e-mail ends with “@example.com”.")]
    [InlineData("""{"field":"first_name","op":"is_missing"}""", "Active customers whose first name is missing.")]
    [InlineData("""{"field":"source","op":"in","value":["shop","app","fair"]}""", "Active customers whose source is one of “shop”, “app” or “fair”.")]
    [InlineData("""{"field":"source","op":"not_in","value":["shop"]}""", "Active customers whose source is not “shop”.")]
    [InlineData("""{"field":"source","op":"in","value":[]}""", "Active customers whose source is one of nothing.")]
    [InlineData("""{"field":"total_spent","op":"gte","value":"1250.5"}""", "Active customers whose total spent is at least $1,250.50.")]
    [InlineData("""{"field":"average_order_value","op":"lt","value":"33.333"}""", "Active customers whose average order is less than $33.333.")]
    [InlineData("""{"related":"orders","where":{"field":"total","op":"gte","value":"20"}}""",
        "Active customers who have at least one order whose total is at least 20.00.")]
    [InlineData("""{"field":"total_orders","op":"between","value":[2,1000]}""", "Active customers whose number of orders is between 2 and 1,000.")]
    [InlineData("""{"field":"loyalty_tier","op":"gte","value":"gold"}""", "Active customers whose tier is gold or higher.")]
    [InlineData("""{"field":"date_joined","op":"lt","value":"2025-03-01"}""", "Active customers whose date joined is before 1 Mar 2025.")]
    [InlineData("""{"field":"last_login","op":"gte","value":"2025-03-01T12:30:00+01:00"}""",
        "Active customers whose last sign-in is not before 1 Mar 2025 11:30 UTC.")]
    [InlineData("""{"field":"last_order_date","op":"not_within_last","value":{"n":90,"unit":"day"}}""",
        "Active customers whose last order is not within the last 90 days.")]
    [InlineData("""{"field":"date_of_birth","op":"anniversary_within_next","value":{"n":1,"unit":"week"}}""",
        "Active customers whose date of birth has its anniversary in the next week.")]
    [InlineData("""{"field":"tags","op":"contains_all","value":["press","wholesale"]}""",
        "Active customers whose tags include all of “press” and “wholesale”.")]
    [InlineData("""{"field":"tags","op":"is_empty"}""", "Active customers whose tags are empty.")]
    [InlineData("""{"field":"metadata.plan","op":"eq","value":"trial"}""", "Active customers whose metadata “plan” is “trial”.")]
    [InlineData("""{"field":"metadata.paid","op":"eq","value":true}""", "Active customers whose metadata “paid” is yes.")]
    [InlineData("""{"in_group":5}""", "Active customers who are members of “Press & friends”.")]
    [InlineData("""{"in_group":6}""", "Active customers who are members of group 6.")]
    public void Conditions(string rule, string sentence) => Assert.Equal(sentence, Said(rule));

    [Theory]
    [InlineData("""{"all":[{"in_group":5},{"in_group":6},{"in_group":7}]}""",
        "Active customers who are members of “Press & friends”, who are members of group 6 and who are members of group 7.")]
    [InlineData("""{"all":[{"in_group":5},{"any":[{"in_group":6},{"in_group":7}]}]}""",
        "Active customers who are members of “Press & friends” and (who are members of group 6 or who are members of group 7).")]
    [InlineData("""{"none":[{"in_group":6},{"in_group":7}]}""", "All active customers except those who are members of group 6 or who are members of group 7.")]
    [InlineData("""{"all":[{"in_group":6},{"not":{"in_group":7}}]}""", "Active customers who are members of group 6 and not those who are members of group 7.")]
    [InlineData("""{"not":{"in_group":7}}""", "All active customers except those who are members of group 7.")]
    public void Blocks(string rule, string sentence) => Assert.Equal(sentence, Said(rule));

    [Theory]
    [InlineData("""{"related":"orders"}""", "Active customers who have at least one order.")]
    [InlineData("""{"related":"addresses","no_rows":true}""", "Active customers who have no addresses.")]
    [InlineData("""{"related":"wishlist","at_most":3}""", "Active customers who have at most 3 wishlist items.")]
    [InlineData("""{"related":"order_lines","where":{"field":"product_id","op":"eq","value":"tea"},"at_least":1}""",
        "Active customers who have at least one order line whose product ID is “tea”.")]
    [InlineData("""
        {"related":"orders","where":{"field":"status","op":"eq","value":"partially_refunded"},
         "within":{"on":"placed_at","last":{"n":6,"unit":"month"}},"exactly":2}
        """,
        "Active customers who have exactly 2 orders placed within the last 6 months whose status is partially refunded.")]
    [InlineData("""{"related":"orders","within":{"on":"placed_at","between":["2025-01-01","2025-02-01"]}}""",
        "Active customers who have at least one order placed between 1 Jan 2025 and 1 Feb 2025.")]
    [InlineData("""{"related":"reviews","where":{"field":"rating","op":"gte","value":4},"every":true}""",
        "Active customers who have reviews, each of them one whose rating is at least 4.")]
    [InlineData("""{"related":"orders","having":{"agg":"sum","of":"net","op":"gte","value":"100.00"}}""",
        "Active customers whose total net of orders is at least $100.00.")]
    [InlineData("""{"related":"orders","having":{"agg":"min","of":"placed_at","op":"within_last","value":{"n":30,"unit":"day"}}}""",
        "Active customers whose first order was placed within the last 30 days.")]
    [InlineData("""{"related":"points","having":{"agg":"count","op":"gt","value":3}}""", "Active customers whose number of points entries is more than 3.")]
    [InlineData("""{"related":"addresses","where":{"field":"country","op":"in","value":["DEU","AT"]}}""",
        "Active customers who have at least one address whose country is one of Germany or Austria.")]
    [InlineData("""{"related":"addresses","where":{"field":"is_default","op":"eq","value":true}}""",
        "Active customers who have at least one address that is default.")]
    public void Rows(string rule, string sentence) => Assert.Equal(sentence, Said(rule));

    [Theory]
    [InlineData("""{"all":[{"field":""},{"field":"email","op":"eq"}]}""", "Active customers with a condition that is not finished and whose e-mail is ….")]
    [InlineData("""{"field":"shoe_size","op":"fits","value":[44]}""", "Active customers whose shoe size fits 44.")]
    [InlineData("""{"shape":"round"}""", """Active customers for whom {"shape":"round"} holds.""")]
    public void What_it_does_not_know_it_says_as_it_is(string rule, string sentence) => Assert.Equal(sentence, Said(rule));

    [Fact]
    public void Long_lists_are_cut() => Assert.Equal(
        "Active customers whose source is one of “1”, “2”, “3”, “4”, “5”, “6”, “7”, “8” or 1,192 more.",
        Said($$"""{"field":"source","op":"in","value":[{{string.Join(',', Enumerable.Range(1, 1200).Select(i => $"\"{i}\""))}}]}"""));

    [Theory]
    [InlineData("""{"field":"total_spent","op":"gte","value":1000}""", """{"value":"320.00"}""", "Total spent is at least $1,000.00", "has $320.00")]
    [InlineData("""{"field":"is_vip","op":"eq","value":true}""", """{"value":false}""", "VIP", "no")]
    [InlineData("""{"field":"tags","op":"contains_any","value":["press"]}""", """{"value":["a","b"]}""", "Tags include any of “press”", "has “a” and “b”")]
    [InlineData("""{"field":"source","op":"is_set"}""", """{"value":null}""", "Source", "has no value")]
    public void An_explained_node_says_what_it_asks_for_and_what_the_customer_has(string rule, string actual, string asks, string has)
    {
        var node = new ExplainedNode
        {
            Path = "",
            Node = JsonElement.Parse(rule),
            Matches = false,
            Decides = false,
            Flip = null,
            Actual = JsonElement.Parse(actual),
            Children = [],
        };

        Assert.Contains(asks, RuleExplanation.Of(node, Terms, CultureInfo.InvariantCulture), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(has, RuleExplanation.Actual(node, Terms, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_value_that_the_builder_has_made_is_said_like_one_that_was_read()
    {
        var rule = RuleTree.Parse("""{"related":"orders"}""");

        ((RuleRows)rule.Root!).ChangeWithin(new JsonObject { ["on"] = "placed_at", ["last"] = RuleValues.Span(90, RuleUnit.Day) });

        Assert.Equal(
            "Active customers who have at least one order placed within the last 90 days.", RuleSentence.Of(rule, Terms, CultureInfo.InvariantCulture));
    }

    private static string Said(string rule) => RuleSentence.Of(RuleTree.Parse(rule), Terms, CultureInfo.InvariantCulture);

    private static RuleTerms Terms { get; } = RuleVocabularies.With(
        [RuleVocabularies.Group(5, "Press & friends")], [RuleVocabularies.Country("DE", "DEU", "Germany"), RuleVocabularies.Country("AT", "AUT", "Austria")]);
}
