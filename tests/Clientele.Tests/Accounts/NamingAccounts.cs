using Clientele.Server.Accounts;

namespace Clientele.Tests.Accounts;

[Trait("Database", "Any")]
public class NamingAccounts
{
    [Theory]
    [InlineData("johndoe")]
    [InlineData("john.doe+shop@example.com")]
    [InlineData("Zoë_9-α")]
    [InlineData("王小明")]
    public void Usernames_are_letters_digits_and_a_few_signs(string username) => Assert.True(AccountNames.IsUsername(username));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("john doe")]
    [InlineData("john!")]
    [InlineData("john\n")]
    [InlineData("john\u200b")]
    [InlineData("john\u3164")]
    [InlineData("ﷺ")]
    [InlineData("\ud800")]
    public void Other_usernames_are_refused(string? username) => Assert.False(AccountNames.IsUsername(username));

    [Fact]
    public void A_username_has_at_most_150_characters()
    {
        Assert.True(AccountNames.IsUsername(new string('a', 150)));
        Assert.False(AccountNames.IsUsername(new string('a', 151)));
        Assert.True(AccountNames.IsUsername(string.Concat(Enumerable.Repeat("𠮷", 150))));
        Assert.False(AccountNames.IsUsername(string.Concat(Enumerable.Repeat("𠮷", 151))));
    }

    [Theory]
    [InlineData("john@example.com")]
    [InlineData("John.O'Neil+tag@mail.example.co.uk")]
    [InlineData("a@b.co")]
    [InlineData("postfach@müller.de")]
    [InlineData("आम@उदाहरण.भारत")]
    [InlineData("x@xn--mller-kva.de")]
    [InlineData("x@XN--MLLER-KVA.de")]
    [InlineData("x@क्‍ष.example")]
    public void Ordinary_and_international_addresses_are_mail(string email) => Assert.True(AccountNames.IsEmail(email));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("john")]
    [InlineData("@example.com")]
    [InlineData("john@")]
    [InlineData("john@localhost")]
    [InlineData("john@@example.com")]
    [InlineData("john@a@example.com")]
    [InlineData("john doe@example.com")]
    [InlineData("john@exam ple.com")]
    [InlineData("john@example.com ")]
    [InlineData("john@example.com\n")]
    [InlineData(".john@example.com")]
    [InlineData("john..doe@example.com")]
    [InlineData("john@-example.com")]
    [InlineData("john@example-.com")]
    [InlineData("john@example..com")]
    [InlineData("john@example.com.")]
    [InlineData("john@127.0.0.1")]
    [InlineData("john@exam_ple.com")]
    [InlineData("jo\u202ehn@example.com")]
    [InlineData("jo\ufe0fhn@example.com")]
    [InlineData("john@exam\u00adple.com")]
    [InlineData("john@a\u200db.com")]
    [InlineData("john@xn--a.example")]
    [InlineData("john@-ü.example")]
    [InlineData("jo<b>hn@example.com")]
    [InlineData("\ud800@example.com")]
    public void Anything_else_is_not(string? email) => Assert.False(AccountNames.IsEmail(email));

    [Fact]
    public void The_lengths_of_RFC_5321_hold()
    {
        var local = new string('a', 64);
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 62), 3));

        Assert.True(AccountNames.IsEmail($"{local}@{domain}"));
        Assert.False(AccountNames.IsEmail($"a{local}@b.co"));
        Assert.False(AccountNames.IsEmail($"{local}@{domain}bb"));
        Assert.False(AccountNames.IsEmail($"a@{new string('b', 64)}.co"));
    }
}
