using System.Globalization;
using System.Text;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>
/// Whatever a body contains, its cost is proportional to its length. Measured in a separate process, one request at a time, for every operation of
/// the description. <c>bin/bench hostile</c> sends bodies of the largest size.
/// </summary>
public sealed class SendingHostileBodies(RequestCosts world) : IClassFixture<RequestCosts>
{
    private const int Kibibyte = 1024;
    private const int LargestAnswer = 64 * Kibibyte;
    private const int Size = 96 * Kibibyte;
    private const int Largest = 1000 * Kibibyte;

    [Fact]
    public async Task What_a_body_costs_is_in_proportion_to_its_length()
    {
        var (size, chance) = (Size, new Random(LongRun.Seed));
        do
        {
            await world.SignInAsync();
            foreach (var operation in world.WithBody())
            {
                var largest = await world.LargestAsync(operation, size);
                foreach (var (name, body) in HostileBodies.For(operation, world.Description, world.ExampleFor(operation), largest))
                {
                    await world.MeasureAsync($"{operation}, {name}", () => world.SendAsync(operation, body), Encoding.UTF8.GetByteCount(body), LargestAnswer);
                }
            }

            size = chance.Next(Kibibyte, Largest);
        }
        while (world.Measured < LongRun.Bodies && world.IsCheapSoFar);

        world.AssertAllWereCheap();
    }

    [Fact]
    public async Task What_a_stream_of_orders_costs_is_in_proportion_to_its_length()
    {
        var longName = $"{{\"{new string('x', 10_000)}\": [{string.Join(',', Enumerable.Repeat("\"\\u0000\"", 100))}]}}";
        foreach (var line in new[] { "x", "{}", "[]", "\"\\ud800\"", "{\"a\":\"\\u0000\"}", longName, new('x', Size) })
        {
            var lines = string.Concat(Enumerable.Repeat(line + "\n", Math.Max(1, Size / line.Length)));
            await world.MeasureAsync($"many lines: {line[..Math.Min(20, line.Length)]}", () => world.StreamAsync(lines), lines.Length, LargestAnswer);
        }

        world.AssertAllWereCheap();
    }

    [Fact]
    public async Task What_a_query_string_costs_is_in_proportion_to_its_length()
    {
        foreach (var operation in world.Description.Operations.Where(operation => operation.Method == "GET"))
        {
            foreach (var (name, query) in Queries(world.Query(operation)))
            {
                await world.MeasureAsync($"{operation}, {name}", () => world.AskAsync(operation, query), query.Length, LargestAnswer);
            }
        }

        world.AssertAllWereCheap();
    }

    /// <summary>A name of one letter and many marks once took eight seconds.</summary>
    [Fact]
    public async Task A_login_name_of_marks_is_cheap()
    {
        var body = $"{{\"username\": \"a{HostileBodies.Marks(15_000)}\", \"password\": \"x\"}}";

        await world.MeasureAsync("a login name", () => world.PostTokenAsync(body), Encoding.UTF8.GetByteCount(body), LargestAnswer);

        world.AssertAllWereCheap();
    }

    /// <summary>The two cases that once broke the service: out of memory, and nineteen seconds.</summary>
    [Theory]
    [InlineData(400_000, "\"\\u0000\"", 4_000)]
    [InlineData(300_000, "0", 20_000)]
    public async Task A_long_name_with_a_long_list_is_cheap(int letters, string item, int items)
    {
        var body = $"{{\"{new string('x', letters)}\": [{string.Join(',', Enumerable.Repeat(item, items))}]}}";

        await world.MeasureAsync("a long name", () => world.PatchMeAsync(body), body.Length, LargestAnswer);

        world.AssertAllWereCheap();
    }

    private static IEnumerable<(string Name, string Query)> Queries(IReadOnlyList<string> parameters)
    {
        const int most = 7_000;
        yield return (
            "many unknown parameters",
            string.Join('&', Enumerable.Range(0, most / 6).Select(i => $"{i.ToString("x", CultureInfo.InvariantCulture)}=1")));
        yield return ("a long unknown parameter", $"{new string('x', most)}=1");
        yield return ("the same again and again", string.Join('&', Enumerable.Repeat("a=1", most / 4)));
        foreach (var name in parameters)
        {
            yield return ($"{name} of marks", $"{name}=a{string.Concat(Enumerable.Repeat("%CC%81", most / 6))}");
            yield return ($"{name} of commas", $"{name}={new string(',', most)}");
            yield return ($"{name} of many items", $"{name}={string.Join(',', Enumerable.Repeat("1", most / 2))}");
            yield return ($"{name} of many words", $"{name}={string.Join('+', Enumerable.Range(100, most / 4))}");
            yield return ($"{name} of digits", $"{name}={new string('9', most)}");
            yield return ($"{name} of wildcards", $"{name}={string.Concat(Enumerable.Repeat("%25_", most / 4))}");
        }
    }
}
