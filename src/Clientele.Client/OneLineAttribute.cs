namespace Clientele.Client;

/// <summary>
/// A member with a text of one line: the service removes blanks around it, and refuses line breaks, control characters and invisible characters.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneLineAttribute : Attribute;
