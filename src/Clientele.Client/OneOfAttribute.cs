using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Clientele.Client;

/// <summary>
/// The values of a text are a closed set, the constants of a class. The member itself stays a string: a client must be able to read a value that a
/// newer service has added.
/// </summary>
/// <param name="set">The class whose constants are the values.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] Type set) : ValidationAttribute
{
    /// <summary>The class whose constants are the values.</summary>
    public Type Set { get; } = set ?? throw new ArgumentNullException(nameof(set));

    /// <summary>The values, in their order.</summary>
    public IReadOnlyList<string> Values { get; } = [.. set.GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value switch
    {
        null => true,
        string text => Values.Contains(text),
        IEnumerable<string?> texts => texts.All(text => text is not null && Values.Contains(text)),
        _ => false,
    };

    /// <inheritdoc/>
    public override string FormatErrorMessage(string name) => $"Must be {string.Join(", ", Values.SkipLast(1))} or {Values[^1]}.";
}
