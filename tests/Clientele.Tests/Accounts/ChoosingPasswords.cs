using Clientele.Server.Accounts;

namespace Clientele.Tests.Accounts;

public class ChoosingPasswords
{
    private static readonly string?[] John = ["johndoe", "john@example.com", "John", "Doe", null, ""];

    [Theory]
    [InlineData("SecureP@ssw0rd123!")]
    [InlineData("OldPassword123!")]
    [InlineData("NewSecureP@ss456!")]
    [InlineData("correct horse battery staple")]
    [InlineData("żółta gęś idzie")]
    public void Documented_and_decent_passwords_pass(string password) => Assert.Empty(PasswordRules.Check(password, staff: false, John));

    [Theory]
    [InlineData("xK9#q", "at least 8")]
    [InlineData("", "at least 8")]
    [InlineData("password", "too common")]
    [InlineData("PASSWORD", "too common")]
    [InlineData("ｐａｓｓｗｏｒｄ", "too common")]
    [InlineData("Dragon2024!", "too common")]
    [InlineData("8402957301846", "entirely numeric")]
    [InlineData("٨٤٠٢٩٥٧٣٠١", "entirely numeric")]
    [InlineData("xxJohnDoe-77", "too similar")]
    [InlineData("my.john.secret", "too similar")]
    [InlineData("Jöhn+the+great", "too similar")]
    [InlineData("the-best-example", "too similar")]
    [InlineData("johnexample", "too similar")]
    [InlineData("zzzzzzzzzzz", "one repeated character")]
    [InlineData("ZzZzZzZzZzZ", "one repeated character")]
    [InlineData("efghijklmn", "sequence of neighbouring")]
    [InlineData("ponmlkjih", "sequence of neighbouring")]
    [InlineData("12345678", "sequence of neighbouring")]
    [InlineData("qwertyui", "sequence of neighbouring")]
    [InlineData("poiuytrewq", "sequence of neighbouring")]
    [InlineData("абвгдежз", "sequence of neighbouring")]
    public void The_message_names_the_rule_that_is_broken(string password, string rule) =>
        Assert.Contains(PasswordRules.Check(password, staff: false, John), message => message.Contains(rule, StringComparison.Ordinal));

    [Fact]
    public void Short_names_do_not_forbid_words_that_contain_them() =>
        Assert.Empty(PasswordRules.Check("planning tedious", staff: false, ["ann", "ted@ab.io", "Ann", "Ted"]));

    [Fact]
    public void A_password_inside_a_name_is_close_to_it() =>
        Assert.NotEmpty(PasswordRules.Check("ximilian-o", staff: false, ["maximilianoliver"]));

    [Fact]
    public void Staff_need_fifteen_characters()
    {
        Assert.Equal(["This password is too short. It must contain at least 15 characters."], PasswordRules.Check("tr0ub4dor&3-x!", staff: true, []));
        Assert.Empty(PasswordRules.Check("tr0ub4dor&3-x!y", staff: true, []));
    }

    [Fact]
    public void Length_is_counted_in_composed_code_points()
    {
        Assert.Empty(PasswordRules.Check("🦊🐻🐼🐨🐯🦁🐮🐷", staff: false, []));
        Assert.NotEmpty(PasswordRules.Check("🦊🐻🐼🐨🐯🦁🐮", staff: false, []));
        Assert.NotEmpty(PasswordRules.Check("e\u0301a\u0301e\u0301o\u0301", staff: false, []));
    }

    [Fact]
    public void Two_hundred_and_fifty_six_characters_are_the_most()
    {
        var longest = string.Concat(Enumerable.Range(0, 64).Select(i => $"w{i:D2}é"));

        Assert.Empty(PasswordRules.Check(longest, staff: false, []));
        Assert.Equal(["This password is too long. It must contain at most 256 characters."], PasswordRules.Check(longest + "x", staff: false, []));
    }

    [Fact]
    public void Lengths_can_be_set()
    {
        Assert.Empty(PasswordRules.Check("xK9#q", staff: false, [], new PasswordPolicy { Minimum = 5 }));
        Assert.Empty(PasswordRules.Check("xK9#qr", staff: true, [], new PasswordPolicy { StaffMinimum = 6 }));
        Assert.NotEmpty(PasswordRules.Check("xK9#qr84 uv", staff: false, [], new PasswordPolicy { Maximum = 10 }));
    }

    [Fact]
    public void Lone_surrogates_and_NUL_do_no_harm() => Assert.NotNull(PasswordRules.Check("\ud800\0\udc00", staff: false, ["\ud800@\udc00."]));
}
