namespace Clientele.Server.Groups;

/// <summary>The position of a reader in a group's changes.</summary>
internal static class ChangesCursor
{
    public static string Of(long group, long seq) =>
        System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{group}.{seq}")));

    public static bool TryRead(string? text, long group, out long seq)
    {
        seq = 0;
        return string.IsNullOrEmpty(text) || (System.Buffers.Text.Base64Url.IsValid(text)
            && System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text)).Split('.') is [var first, var second]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var own) && own == group
            && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out seq));
    }
}
