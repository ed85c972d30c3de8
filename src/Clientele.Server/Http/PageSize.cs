namespace Clientele.Server.Http;

/// <summary>The parameter <c>page_size</c>. A larger number than the largest means the largest.</summary>
internal readonly record struct PageSize(int Default, int Largest)
{
    public const string Parameter = "page_size";

    public int Read(string? text, Errors errors)
    {
        if (text is null)
        {
            return Default;
        }

        var isNumber = text.All(char.IsAsciiDigit) && text.Any(digit => digit != '0');
        errors.Require(isNumber, Parameter, string.Create(CultureInfo.InvariantCulture, $"Must be a positive whole number; above {Largest} means {Largest}."));
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Math.Min(size, Largest) : Largest;
    }
}
