using Clientele.Server.Customers;

namespace Clientele.Tests.Customers;

[Trait("Database", "Any")]
public class NormalisingContactDetails
{
    [Theory]
    [InlineData("en", "en")]
    [InlineData("EN-us", "en-US")]
    [InlineData("zh-hant-tw", "zh-Hant-TW")]
    [InlineData(" ES-419 ", "es-419")]
    [InlineData("sl-rozaj-biske-1994", "sl-rozaj-biske-1994")]
    [InlineData("zh-cmn-hans-cn", "zh-cmn-Hans-CN")]
    [InlineData("de-ch-u-CO-phonebk", "de-CH-u-co-phonebk")]
    [InlineData("en-a-bbb-x-A-Ccc", "en-a-bbb-x-a-ccc")]
    [InlineData("X-Whatever", "x-whatever")]
    [InlineData("en-x-us-us", "en-x-us-us")]
    public void Languages_get_their_usual_case(string text, string expected)
    {
        Assert.True(LanguageTags.TryNormalise(text, out var tag));
        Assert.Equal(expected, tag);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("english!")]
    [InlineData("en_US")]
    [InlineData("en-")]
    [InlineData("en-U")]
    [InlineData("en-US-US")]
    [InlineData("de-1901-1901")]
    [InlineData("en-u-co-standard-u-co-standard")]
    [InlineData("en-a")]
    [InlineData("x")]
    [InlineData("en-US\n-x")]
    public void Malformed_languages_are_refused(string? text) => Assert.False(LanguageTags.TryNormalise(text, out _));

    [Theory]
    [InlineData("usd", "USD")]
    [InlineData(" Eur ", "EUR")]
    [InlineData("XCG", "XCG")]
    [InlineData("HTG", "HTG")]
    public void Currencies_are_upper_case_codes(string text, string expected)
    {
        Assert.True(Currencies.TryNormalise(text, out var code));
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("US")]
    [InlineData("DOLLAR")]
    [InlineData("ZZZ")]
    [InlineData("XXX")]
    [InlineData("ＵＳＤ")]
    public void Unknown_currencies_are_refused(string? text) => Assert.False(Currencies.TryNormalise(text, out _));
}
