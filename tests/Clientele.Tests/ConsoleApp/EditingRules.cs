using System.Text.Json;
using Clientele.ConsoleApp.Rules;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The changes that the console's builder makes to a rule.</summary>
[Trait("Database", "Any")]
public sealed class EditingRules
{
    private const string Vip = """{"field":"is_vip","op":"eq","value":true}""";
    private const string Gold = """{"field":"loyalty_tier","op":"gte","value":"gold"}""";
    private const string Young = """{"field":"age","op":"lt","value":30}""";

    private readonly RuleEditor _editor = new(RuleVocabularies.Terms);

    [Fact]
    public void The_second_condition_puts_both_into_a_block()
    {
        Open($$"""{"time_zone":"Europe/Berlin",{{Vip[1..]}}""");

        _editor.Change(tree => tree.Add(null, Part(Gold)));

        Expect($$"""{"time_zone":"Europe/Berlin","all":[{{Vip}},{{Gold}}]}""");
    }

    [Fact]
    public void The_first_condition_of_rows_stands_alone_and_the_second_beside_it()
    {
        Open("""{"related":"orders","at_least":2}""");

        _editor.Change(tree => tree.Add(tree.Root, Part("""{"field":"net","op":"gt","value":5}""")));
        Expect("""{"related":"orders","where":{"field":"net","op":"gt","value":5},"at_least":2}""");

        _editor.Change(tree => tree.Add(tree.Root, Part("""{"field":"currency","op":"eq","value":"EUR"}""")));
        Expect("""{"related":"orders","where":{"all":[{"field":"net","op":"gt","value":5},{"field":"currency","op":"eq","value":"EUR"}]},"at_least":2}""");
    }

    [Fact]
    public void Moving_goes_past_neighbours_and_into_and_out_of_blocks()
    {
        Open($$"""{"all":[{{Vip}},{"any":[{{Gold}}]},{{Young}}]}""");
        var part = _editor.Tree.Root!.Children[0];

        _editor.Change(_ => RuleTree.Move(part, up: false));
        Expect($$"""{"all":[{"any":[{{Vip}},{{Gold}}]},{{Young}}]}""");
        _editor.Change(_ => RuleTree.Move(part, up: false));
        Expect($$"""{"all":[{"any":[{{Gold}},{{Vip}}]},{{Young}}]}""");
        _editor.Change(_ => RuleTree.Move(part, up: false));
        Expect($$"""{"all":[{"any":[{{Gold}}]},{{Vip}},{{Young}}]}""");
        _editor.Change(_ => RuleTree.Move(part, up: true));
        Expect($$"""{"all":[{"any":[{{Gold}},{{Vip}}]},{{Young}}]}""");
        Assert.False(RuleTree.Move(_editor.Tree.Root, up: true));
    }

    [Fact]
    public void Wrapping_and_dissolving_a_block_cancel_each_other_out()
    {
        Open($$"""{"v":1,"all":[{{Vip}},{{Gold}}]}""");

        _editor.Change(tree => tree.Wrapped(tree.Root!, "none"));
        Expect($$"""{"v":1,"none":[{"all":[{{Vip}},{{Gold}}]}]}""");
        _editor.Change(tree => tree.Unwrap((RuleBlock)tree.Root!));
        Expect($$"""{"v":1,"all":[{{Vip}},{{Gold}}]}""");
    }

    [Fact]
    public void Negating_twice_changes_nothing()
    {
        Open(Vip);

        _editor.Change(tree => tree.Negated(tree.Root!));
        Expect($$"""{"not":{{Vip}}}""");
        _editor.Change(tree => tree.Unwrap((RuleBlock)tree.Root!));
        Expect(Vip);
    }

    [Fact]
    public void The_copy_stands_behind_its_original()
    {
        Open($$"""{"any":[{{Vip}},{{Gold}}]}""");

        _editor.Change(tree => tree.Duplicate(tree.Root!.Children[0]));

        Expect($$"""{"any":[{{Vip}},{{Vip}},{{Gold}}]}""");
    }

    [Fact]
    public void Removing_the_last_condition_leaves_no_rule_but_its_time_zone()
    {
        Open($$"""{"time_zone":"Asia/Tokyo",{{Vip[1..]}}""");

        _editor.Change(tree => tree.Remove(tree.Root!));
        Expect("""{"time_zone":"Asia/Tokyo"}""");
        _editor.Change(tree => tree.Add(null, Part(Gold)));
        Expect($$"""{"time_zone":"Asia/Tokyo",{{Gold[1..]}}""");
    }

    [Fact]
    public void Another_kind_of_block_stays_at_its_place_in_the_JSON()
    {
        Open($$"""{"time_zone":"UTC","all":[{{Vip}}],"v":1}""");

        _editor.Change(tree => ((RuleBlock)tree.Root!).ChangeKind("none"));

        Expect($$"""{"time_zone":"UTC","none":[{{Vip}}],"v":1}""");
    }

    [Fact]
    public void The_value_stays_when_the_operator_takes_the_same_form()
    {
        Open("""{"field":"total_spent","op":"gte","value":100}""");

        Change(condition => condition.ChangeOp("lt", _editor.Terms));
        Expect("""{"field":"total_spent","op":"lt","value":100}""");
        Change(condition => condition.ChangeOp("between", _editor.Terms));
        Expect("""{"field":"total_spent","op":"between","value":[100,null]}""");
        Assert.False(_editor.IsFinished);
        Change(condition => condition.ChangeOp("is_set", _editor.Terms));
        Expect("""{"field":"total_spent","op":"is_set"}""");
        Assert.True(_editor.IsFinished);
    }

    [Fact]
    public void A_field_of_another_type_begins_with_an_operator_that_it_has()
    {
        Open("""{"field":"email","op":"ends_with","value":"@example.com"}""");

        Change(condition => condition.ChangeField("username", _editor.Terms));
        Expect("""{"field":"username","op":"ends_with","value":"@example.com"}""");
        Change(condition => condition.ChangeField("last_order_date", _editor.Terms));
        Expect("""{"field":"last_order_date","op":"within_last","value":{"n":30,"unit":"day"}}""");
        Change(condition => condition.ChangeField("is_vip", _editor.Terms));
        Expect("""{"field":"is_vip","op":"eq","value":true}""");
        Change(condition => condition.ChangeField("metadata.plan", _editor.Terms));
        Expect("""{"field":"metadata.plan","op":"eq"}""");
    }

    [Fact]
    public void Letters_of_one_text_are_undone_together()
    {
        Open("""{"field":"email","op":"eq","value":"a"}""");

        Change(condition => condition.ChangeValue("ab"), "value");
        Change(condition => condition.ChangeValue("abc"), "value");
        Change(condition => condition.ChangeOp("ne", _editor.Terms));

        _editor.Undo();
        Expect("""{"field":"email","op":"eq","value":"abc"}""");
        _editor.Undo();
        Expect("""{"field":"email","op":"eq","value":"a"}""");
        Assert.False(_editor.CanUndo);
        _editor.Redo();
        _editor.Redo();
        Expect("""{"field":"email","op":"ne","value":"abc"}""");
        Assert.False(_editor.CanRedo);
    }

    [Fact]
    public void Typed_JSON_becomes_the_tree_as_soon_as_it_is_JSON()
    {
        Open(Vip);

        _editor.ChangeJson("""{"all": [""");
        Assert.NotNull(_editor.JsonError);
        Expect(Vip);
        Assert.Equal("""{"all": [""", _editor.Json);

        _editor.ChangeJson($$"""{"all": [{{Gold}}]}""");
        Assert.Null(_editor.JsonError);
        Expect($$"""{"all":[{{Gold}}]}""");
        _editor.Undo();
        Expect(Vip);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    public void A_rule_is_an_object(string text)
    {
        Open(Vip);

        _editor.ChangeJson(text);

        Assert.NotNull(_editor.JsonError);
        Expect(Vip);
    }

    [Fact]
    public void Errors_of_the_service_stand_at_their_parts_until_the_rule_changes()
    {
        Open($$"""{"all":[{{Vip}},{{Gold}}]}""");

        _editor.Refuse(new Dictionary<string, string[]>
        {
            ["/assignment_rules/all/1/op"] = ["Must be one of eq."],
            ["/assignment_rules"] = ["Too long."],
            ["name"] = ["Taken."],
        });

        var root = _editor.Tree.Root!;
        Assert.Equal(["Op: Must be one of eq."], _editor.ErrorsOf(root.Children[1]));
        Assert.Equal(["Too long."], _editor.ErrorsOf(root));
        Assert.Empty(_editor.ErrorsOf(root.Children[0]));
        _editor.Change(tree => tree.Remove(root.Children[1]));
        Assert.Empty(_editor.ErrorsOf(root));
    }

    [Fact]
    public void A_rule_that_comes_back_to_the_saved_one_is_not_changed()
    {
        Open(Vip);

        _editor.Change(tree => tree.Negated(tree.Root!));
        Assert.True(_editor.IsChanged);
        _editor.Undo();
        Assert.False(_editor.IsChanged);
    }

    private void Open(string rule) => _editor.Open(JsonElement.Parse(rule));

    private void Change(Action<RuleCondition> edit, string? thing = null) => _editor.Change(tree => edit((RuleCondition)tree.Root!), thing);

    private void Expect(string rule) => Assert.Equal(rule, _editor.Tree.ToJson().ToJsonString());

    private static RulePart Part(string json) => RuleTree.Parse(json).Root!;
}
