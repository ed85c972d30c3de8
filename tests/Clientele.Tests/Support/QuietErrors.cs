using System.Text;

namespace Clientele.Tests.Support;

/// <summary>
/// Standard error without the line in which the service says where it is: nobody reads that of the many apps in this process. Why an app has not started
/// stays visible.
/// </summary>
internal sealed class QuietErrors : TextWriter
{
    private static readonly TextWriter Errors = Console.Error;

    public static QuietErrors Instance { get; } = new();

    public override Encoding Encoding => Errors.Encoding;

    public override void Write(char value) => Errors.Write(value);

    public override void WriteLine(string? value)
    {
        if (value?.StartsWith("Clientele is at ", StringComparison.Ordinal) != true)
        {
            Errors.WriteLine(value);
        }
    }
}
