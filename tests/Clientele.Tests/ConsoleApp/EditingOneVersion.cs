using System.Text.Json;
using Clientele.Client;
using Clientele.ConsoleApp.Pages.Customers;
using Clientele.ConsoleApp.Pages.Groups;
using Clientele.ConsoleApp.Shared;

namespace Clientele.Tests.ConsoleApp;

/// <summary>What a form sends of what was typed, and what it does with a version that somebody else has saved.</summary>
public sealed class EditingOneVersion
{
    [Fact]
    public void Only_members_that_changed_are_conflicts()
    {
        var (basis, mine, theirs) = (Draft("Ada", "old"), Draft("Augusta", "mine"), Draft("Ada", "theirs"));

        var row = Assert.Single(DraftMembers.Conflicts(ProfileDraft.Members, basis, mine, theirs));

        Assert.Equal(("Notes for staff", "mine", "theirs"), (row.Label, row.Mine, row.Theirs));
    }

    [Fact]
    public void Taking_their_version_keeps_what_only_this_page_has_changed()
    {
        var (basis, mine, theirs) = (Draft("Ada", "old"), Draft("Augusta", "mine"), Draft("Ada", "theirs"));
        theirs.IsVip = true;

        DraftMembers.TakeTheirs(ProfileDraft.Members, basis, mine, theirs);

        Assert.Equal(("Augusta", "theirs", true), (mine.FirstName, mine.Notes, mine.IsVip));
    }

    [Fact]
    public void A_patch_has_only_what_was_changed()
    {
        var (basis, mine) = (Draft("Ada", "old"), Draft("Ada", ""));

        var patch = mine.PatchOf(basis);

        Assert.Null(patch.Notes);
        Assert.Null(patch.FirstName);
        Assert.True(mine.DiffersFrom(basis));
        Assert.False(Draft("Ada", "old").DiffersFrom(basis));
    }

    [Fact]
    public void A_removed_member_of_the_shop_is_sent_as_null()
    {
        var (basis, mine) = (new ProfileDraft(), new ProfileDraft());
        basis.Metadata = [Entry("size", "43"), Entry("colour", "\"red\""), Entry("club", "true")];
        mine.Metadata = [Entry("size", "44"), Entry("club", "true"), Entry("club2", "false")];

        Assert.Equal("""{"colour":null,"size":44,"club2":false}""", mine.PatchOf(basis).Metadata!.ToJsonString());
    }

    [Fact]
    public void A_form_asks_for_what_the_country_writes_in_its_order()
    {
        var country = new CountryResponse
        {
            Code = "DE",
            Code3 = "DEU",
            Name = "Germany",
            NativeName = "Deutschland",
            Required = ["address_line1", "postal_code", "city"],
            Labels = new Dictionary<string, string> { ["city"] = "Ort" },
            Order = ["address_line1", "postal_code", "city"],
            PostalCode = new PostalCodeFormat { Pattern = "[0-9]{5}", Example = "10115" },
            Regions = [],
        };

        Assert.Equal(["address_line1", "address_line2", "postal_code", "city"], AddressForm.Order(country));
        Assert.Equal("Ort *", AddressForm.Label(country, "city"));
        Assert.Equal("For example 10115", AddressForm.Hint(country, "postal_code"));
        Assert.Equal(country, Assert.Single(AddressForm.Find([country], "deutsch")));
    }

    [Fact]
    public void A_group_is_sent_with_nothing_but_what_was_changed()
    {
        var (basis, mine, theirs) = (Group("VIP", 10), Group("VIP", 15), Group("VIP Gold", 10));
        theirs.Rule = JsonElement.Parse("""{"field":"is_vip","op":"eq","value":true}""");

        var patch = mine.PatchOf(basis);

        Assert.Empty(DraftMembers.Conflicts(GroupDraft.Members, basis, mine, theirs));
        Assert.Equal((15, null, null, null, null), (patch.DiscountPercentage, patch.Name, patch.Description, patch.AutoAssign, patch.AssignmentRules));
    }

    [Fact]
    public void A_rule_with_other_white_space_is_the_same_rule()
    {
        var (basis, mine) = (Group("VIP", 10), Group("VIP", 10));
        basis.Rule = JsonElement.Parse("""{"field": "is_vip", "op": "eq", "value": true}""");
        mine.Rule = JsonElement.Parse("""{"field":"is_vip","op":"eq","value":true}""");

        Assert.False(mine.DiffersFrom(basis));
        mine.Rule = JsonElement.Parse("""{"field":"is_vip","op":"ne","value":true}""");
        Assert.True(mine.DiffersFrom(basis));
        Assert.Null(mine.PatchOf(basis).Name);
    }

    private static GroupDraft Group(string name, decimal discount) => new() { Name = name, Discount = discount, AutoAssign = true };

    private static ProfileDraft Draft(string firstName, string notes) => new() { FirstName = firstName, Notes = notes };

    private static MetadataEntry Entry(string key, string json)
    {
        using var value = JsonDocument.Parse(json);
        return MetadataEntry.Of(key, value.RootElement);
    }
}
