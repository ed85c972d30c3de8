using Clientele.Server.History;

namespace Clientele.Server.Rules;

/// <summary>An order line with its order; a fully refunded line is not one.</summary>
internal sealed class OrderedLine
{
    public required OrderItem Line { get; init; }

    public required Order Order { get; init; }
}
