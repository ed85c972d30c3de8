using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

/// <summary>Names are found as people write them, also in scripts without blanks.</summary>
public sealed class SearchingNames(OwnApp app) : IClassFixture<OwnApp>
{
    [Theory]
    [InlineData("Obie", "Mayert", "Mayert, Obie")]
    [InlineData("Obie", "Mayert", "mayert,obie")]
    [InlineData("Obie", "Mayert", "，Mayert，")]
    [InlineData("小明", "王", "明")]
    [InlineData("小明", "王", "小明")]
    [InlineData("小明", "王", "王小明")]
    [InlineData("小明", "王", "明 王")]
    [InlineData("さくら子", "長谷川", "谷")]
    [InlineData("さくら子", "長谷川", "くら")]
    [InlineData("さくら子", "長谷川", "谷川")]
    [InlineData("ガブリエル", "アルメイダ", "メイ")]
    [InlineData("ガブリエル", "アルメイダ", "ﾒｲ")]
    [InlineData("지영", "남궁", "궁")]
    [InlineData("지영", "남궁", "영")]
    [InlineData("𠮷子", "田中", "𠮷")]
    [InlineData("子𠮷", "田中", "𠮷")]
    [InlineData("葛\U000e0100城", "子", "葛城")]
    [InlineData("Zoë", "O’Neil", "neil, zoe")]
    public async Task A_name_is_found(string first, string last, string search)
    {
        var customer = await app.CustomerAsync(with: new { first_name = first, last_name = last });

        Assert.Contains(customer.Id, await FoundAsync(search));
    }

    [Theory]
    [InlineData("小明", "王", "大")]
    [InlineData("小明", "王", "明小")]
    [InlineData("Obie", "Mayert", "ay")]
    [InlineData("Obie", "Mayert", "Mayert, Ada")]
    public async Task Another_name_is_not(string first, string last, string search)
    {
        var customer = await app.CustomerAsync(with: new { first_name = first, last_name = last });

        Assert.DoesNotContain(customer.Id, await FoundAsync(search));
    }

    [Fact]
    public async Task Every_part_of_a_generated_name_is_found()
    {
        const string Characters = "王李小明𠮷々かなガーﾅ가각힣남궁";
        var runes = Characters.EnumerateRunes().ToArray();
        var random = new Random(42);
        for (var round = 0; round < 15; round++)
        {
            var name = string.Concat(Enumerable.Range(0, random.Next(2, 8)).Select(_ => runes[random.Next(runes.Length)]));
            var customer = await app.CustomerAsync(with: new { first_name = name, last_name = "" });
            var parts = name.EnumerateRunes().ToArray();
            var from = random.Next(parts.Length);

            var search = string.Concat(parts[from..random.Next(from + 1, parts.Length + 1)]);

            Assert.True((await FoundAsync(search)).Contains(customer.Id), $"{search} in {name}");
        }
    }

    private async Task<IEnumerable<long>> FoundAsync(string search) => await (await app.AdminAsync()).AllIdsAsync(Lists.Customers, ("search", search));
}
