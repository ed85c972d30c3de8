using System.Text;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Identity;

namespace Clientele.Tests.Accounts;

/// <summary>Keyboards send é as one character or as two. It is the same password.</summary>
public sealed class ComposingPasswords(ClienteleApp app)
{
    private const string Password = "Übermütige Schlösser 7 가나다";

    public static TheoryData<NormalizationForm, NormalizationForm> Forms => new()
    {
        { NormalizationForm.FormC, NormalizationForm.FormD }, { NormalizationForm.FormD, NormalizationForm.FormC },
        { NormalizationForm.FormD, NormalizationForm.FormD },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_password_is_right_in_both_forms(NormalizationForm registered, NormalizationForm typed)
    {
        var (one, other) = (Password.Normalize(registered), Password.Normalize(typed));

        var customer = await app.CustomerAsync(with: new { password = one, password2 = one });

        await app.SignInAsync(customer.Username, other);
    }

    [Fact]
    public async Task A_hash_of_an_earlier_release_works_in_the_form_it_was_made_of_and_is_replaced()
    {
        var customer = await app.CustomerAsync();
        var former = new PasswordHasher<object>().HashPassword(new(), Password.Normalize(NormalizationForm.FormD));
        await app.ImportHashAsync(customer.Id, former);
        var composed = new { username = customer.Username, password = Password };
        (await app.Stranger.Post("/api/auth/token/", composed)).ExpectProblem(401);

        await app.SignInAsync(customer.Username, Password.Normalize(NormalizationForm.FormD));

        Assert.NotEqual(former, await app.HashAsync(customer.Id));
        (await app.Stranger.Post("/api/auth/token/", composed)).Expect(200);
    }

    [Fact]
    public async Task A_password_of_an_earlier_release_can_be_changed()
    {
        var raw = Password.Normalize(NormalizationForm.FormD);
        var customer = await app.CustomerAsync();
        await app.ImportHashAsync(customer.Id, new PasswordHasher<object>().HashPassword(new(), raw));

        var change = new { old_password = raw, new_password = "another-horse-another-battery", new_password2 = "another-horse-another-battery" };
        (await customer.Post("/api/customers/customers/change_password/", change)).Expect(200);
    }

    [Fact]
    public async Task Accents_still_matter()
    {
        var customer = await app.CustomerAsync(with: new { password = Password, password2 = Password });

        var wrong = new { username = customer.Username, password = "Ubermutige Schlosser 7 가나다" };
        (await app.Stranger.Post("/api/auth/token/", wrong)).ExpectProblem(401);
    }
}
