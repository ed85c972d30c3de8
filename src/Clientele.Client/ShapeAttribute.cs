namespace Clientele.Client;

/// <summary>The record that describes a member of free JSON. The JSON is passed on as it is, so that members of a newer service are not lost.</summary>
/// <param name="type">The record.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShapeAttribute(Type type) : Attribute
{
    public Type Type => type;
}

/// <summary>Members without a value are left out, and other members are refused.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class StrictAttribute : Attribute;
