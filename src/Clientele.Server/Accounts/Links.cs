namespace Clientele.Server.Accounts;

/// <summary>The links in mails. Their host comes from the settings and never from a request, whose <c>Host</c> anybody can forge.</summary>
internal sealed class Links(IOptions<LinkSettings> settings, IOptions<ServerSettings> server)
{
    public string VerifyEmail(string token) => Of(settings.Value.VerifyEmail, "verify", token);

    public string ResetPassword(string token) => Of(settings.Value.ResetPassword, "reset", token);

    public string UndoEmail(string token) => Of(settings.Value.UndoEmail, "undo", token);

    /// <summary>The token is in the fragment, which browsers send to no server, so that it is in no log and no <c>Referer</c>.</summary>
    private string Of(string? template, string page, string token) =>
        (string.IsNullOrEmpty(template) ? $"{server.Value.LinkAddress}/account/{page}/#token={LinkSettings.Token}" : template)
        .Replace(LinkSettings.Token, token, StringComparison.Ordinal);
}
