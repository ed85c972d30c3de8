namespace Clientele.Server.Addresses;

/// <summary>A region of a country with a closed list.</summary>
/// <param name="Code">The part after the dash of its ISO 3166-2 code; the name where it has none.</param>
/// <param name="Name">The English name.</param>
/// <param name="NativeName">The name in the country's own language and script.</param>
/// <param name="PostalName">The name that is written on letters in Latin script.</param>
internal sealed record Subdivision(string Code, string Name, string NativeName, string PostalName);
