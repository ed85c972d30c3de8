namespace Clientele.Server.Rules;

/// <summary>The positive operators. Every other operator is the exact complement of one of them.</summary>
internal enum Operator
{
    IsSet,
    Eq,
    In,
    Contains,
    StartsWith,
    EndsWith,
    Lt,
    Lte,
    Gt,
    Gte,
    Between,
    WithinLast,
    WithinNext,
    AnniversaryWithinNext,
    ContainsAny,
    ContainsAll,
}
