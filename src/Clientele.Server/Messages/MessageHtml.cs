using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Clientele.Server.Messages;

/// <summary>
/// Makes the HTML of a mail from its text, in which the values are already filled in. Everything is escaped, so there is no markup but this: paragraphs,
/// line breaks, and a line of its own for the link or the code.
/// </summary>
internal static class MessageHtml
{
    private const string Page =
        """
        <!doctype html>
        <html lang="{0}">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{1}</title></head>
        <body style="margin:0;padding:24px;background:#f4f4f5;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#18181b">
        <div style="max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px">
        {2}
        </div>
        </body>
        </html>
        """;

    /// <summary>Escapes markup, and leaves letters of all languages readable.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly CompositeFormat Whole = CompositeFormat.Parse(Page);

    public static string Of(string language, string subject, string text, string? code, string? link) => string.Format(
        CultureInfo.InvariantCulture,
        Whole,
        Escape(language),
        Escape(subject),
        string.Join('\n', text.Split("\n\n").Select(paragraph => Paragraph(paragraph.Split('\n'), code, link))));

    private static string Paragraph(string[] lines, string? code, string? link) => lines switch
    {
        [var line] when line == code => $"<p style=\"font-size:28px;font-weight:bold;letter-spacing:4px\">{Escape(line)}</p>",
        _ => $"<p>{string.Join("<br>\n", lines.Select(line => Line(line, link)))}</p>",
    };

    private static string Line(string line, string? link) =>
        line == link && Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? $"<a href=\"{Escape(link)}\" style=\"word-break:break-all\">{Escape(link)}</a>"
            : Escape(line);

    private static string Escape(string text) => Encoder.Encode(text);
}
