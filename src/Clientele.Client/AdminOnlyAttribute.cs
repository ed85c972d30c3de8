namespace Clientele.Client;

/// <summary>Marks a member of a response that only admins receive; for other callers it is absent.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AdminOnlyAttribute : Attribute;
