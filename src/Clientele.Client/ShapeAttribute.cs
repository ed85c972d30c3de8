namespace Clientele.Client;

/// <summary>
/// The record that describes a member of free JSON, or the records if it is one of several. The JSON is passed on as it is, so that members of a newer
/// service are not lost.
/// </summary>
/// <param name="types">The records.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShapeAttribute(params Type[] types) : Attribute
{
    public IReadOnlyList<Type> Types => types;
}
