namespace Clientele.Server.Rules;

/// <summary>The database and the instant at which a rule is evaluated.</summary>
internal sealed record RuleContext(ClienteleDb Db, RuleCalendar Calendar);
