namespace Clientele.Client;

/// <summary>The record that describes a member of free JSON. The JSON is passed on as it is, so that members of a newer service are not lost.</summary>
/// <param name="type">The record.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShapeAttribute(Type type) : Attribute
{
    public Type Type => type;
}
