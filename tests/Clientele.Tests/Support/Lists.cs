using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Clientele.Tests.Support;

/// <summary>Walking through lists.</summary>
internal static class Lists
{
    public const string Customers = "/api/customers/customers/";
    public const string Addresses = "/api/customers/addresses/";
    public const string Groups = "/api/customers/groups/";

    public static IReadOnlyList<JsonNode> Results(this Answer answer) => [.. answer["results"].AsArray().Select(row => row!)];

    public static long[] Ids(this Answer answer) => [.. answer.Results().Select(row => (long)row["id"]!)];

    public static string? Next(this Answer answer) => (string?)answer.Json["next"];

    public static string? Previous(this Answer answer) => (string?)answer.Json["previous"];

    public static string Query(params IEnumerable<(string Name, string Value)> parameters) =>
        QueryHelpers.AddQueryString("", parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (string?)parameter.Value)));

    /// <summary>All pages, starting at an address.</summary>
    public static async Task<List<Answer>> PagesAsync(this Actor actor, string url, Func<Answer, string?>? follow = null)
    {
        var pages = new List<Answer>();
        for (var link = url; link is not null; link = (follow ?? Next)(pages[^1]))
        {
            pages.Add((await actor.Get(link)).Expect(200));
            Assert.True(pages.Count < 1000, "The pages have no end.");
        }

        return pages;
    }

    /// <summary>The ids of a complete list, with as few pages as possible.</summary>
    public static async Task<long[]> AllIdsAsync(this Actor actor, string list, params IEnumerable<(string Name, string Value)> parameters)
    {
        var pages = await actor.PagesAsync(list + Query([.. parameters, ("page_size", "100")]));
        long[] ids = [.. pages.SelectMany(page => page.Ids())];
        Assert.All(pages, page => Assert.Equal(ids.Length, (long)page["count"]));
        return ids;
    }
}
