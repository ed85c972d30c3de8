namespace Clientele.Server.Rules;

/// <summary>The types of values that rules compare. The type decides which operators there are.</summary>
internal enum FieldType
{
    Boolean,
    Text,
    Enumeration,
    Number,
    Money,
    Instant,
    Date,
    Set,

    /// <summary>Text, number or boolean, like the value of the condition.</summary>
    Any,
}
