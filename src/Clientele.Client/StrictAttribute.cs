namespace Clientele.Client;

/// <summary>The service refuses members that the type does not have. Without this attribute it ignores them.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class StrictAttribute : Attribute;
