namespace Clientele.Tests.Support;

/// <summary>The callers of the fuzzer. What they do may end their own sessions or accounts; then others take their place.</summary>
internal sealed class FuzzCast(ClienteleApp app)
{
    public const string Anonymous = "anonymous";
    public const string Customer = "customer";
    public const string Admin = "admin";

    /// <summary>Everybody who sends requests.</summary>
    public static readonly IReadOnlyList<string> Callers = [Anonymous, Customer, "other", Admin];

    private readonly Dictionary<string, Actor> _actors = [];

    /// <summary>How often somebody was replaced.</summary>
    public int Renewals { get; private set; }

    public Actor this[string caller] => _actors[caller];

    public async Task StartAsync()
    {
        foreach (var caller in Callers)
        {
            _actors[caller] = await NewAsync(caller);
        }
    }

    /// <summary>Replaces a caller whose token is no longer valid. Returns false if it is, or if the caller never had one.</summary>
    public async Task<bool> RenewAsync(string caller)
    {
        if (caller == Anonymous || (int)(await _actors[caller].Get("/api/customers/customers/me/")).Status != 401)
        {
            return false;
        }

        _actors[caller] = await NewAsync(caller);
        Renewals++;
        return true;
    }

    private Task<Actor> NewAsync(string caller) => caller switch
    {
        Anonymous => Task.FromResult(app.Stranger),
        Admin => app.NewAdminAsync(),
        _ => app.CustomerAsync(),
    };
}
