using Clientele.Client;
using Clientele.ConsoleApp.Rules;
using Clientele.Server.Customers;
using Clientele.Server.Loyalty;
using Clientele.Server.Rules;
using Microsoft.Extensions.Options;

namespace Clientele.Tests.ConsoleApp;

/// <summary>What the service tells rule builders.</summary>
internal static class RuleVocabularies
{
    public static RuleTerms Terms { get; } = With([], []);

    public static RuleTerms With(IReadOnlyList<GroupResponse> groups, IReadOnlyList<CountryResponse> countries) =>
        new(RulesEndpoints.ListRuleFields(Options.Create(new Programme()), Options.Create(new Store())).Value, groups, countries);

    public static GroupResponse Group(long id, string name) => new()
    {
        Id = id,
        Name = name,
        Description = "",
        AutoAssign = false,
        DiscountPercentage = 0,
        PrioritySupport = false,
        FreeShipping = false,
        MembersCount = 0,
        CreatedAt = default,
        UpdatedAt = default,
    };

    public static CountryResponse Country(string code, string code3, string name) => new()
    {
        Code = code,
        Code3 = code3,
        Name = name,
        NativeName = name,
        Required = [],
        Labels = new Dictionary<string, string>(),
        Order = [],
        PostalCode = null,
        Regions = [],
    };
}
