namespace Clientele.Tests.Support;

/// <summary>The mail and the phone of the person in a story: what arrives gets the names that the next request uses.</summary>
internal static class StoryMail
{
    private static readonly string[] Addresses = ["john@example.com", "john@doe.example"];

    public static async Task ReadAsync(ClienteleApp app, Dictionary<string, string> known)
    {
        await Wait.UntilAsync(
            async () => await app.Database.CountAsync("SELECT COUNT(*) FROM reset_requests") == 0, TimeSpan.FromSeconds(30), "every mail is written");
        foreach (var mail in (await Task.WhenAll(Addresses.Select(app.MailedAsync))).SelectMany(mails => mails))
        {
            foreach (var page in new[] { "verify", "reset", "undo" }.Where(page => mail.Text.Contains($"/account/{page}/", StringComparison.Ordinal)))
            {
                known[$"{page}_token"] = mail.Token;
                known[$"{page}_code"] = page == "undo" ? "" : mail.Code;
            }
        }

        if (await app.MailedAsync("+1234567890") is [.., var sms])
        {
            known["phone_code"] = sms.Code;
        }
    }
}
