using System.Globalization;
using System.Text.Json;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Who may call an endpoint, according to the documented API and the contract.</summary>
public enum Callers
{
    /// <summary>Everybody; an invalid token is ignored.</summary>
    Everybody,

    /// <summary>Everybody who is signed in.</summary>
    SignedIn,

    /// <summary>The owner and admins; for anyone else the resource does not exist.</summary>
    OwnerOrAdmin,

    /// <summary>Admins; other callers are told that they are not admins.</summary>
    Admin,
}

/// <summary>An endpoint, who may call it, and a request that succeeds when they do.</summary>
/// <param name="Endpoint">Method and path, with <c>{customer}</c>, <c>{address}</c>, <c>{group}</c> and the like for ids.</param>
/// <param name="Callers">Who may call it.</param>
/// <param name="Status">The status for callers who may call it.</param>
/// <param name="Body">The request body.</param>
/// <param name="Scope">The scope that an API key needs; null for an endpoint that is closed to keys.</param>
/// <param name="KeyStatus">The status for a key with the scope, if it is another: a key is no person, so it must name the customer.</param>
/// <param name="Query">The query string, for a response that would otherwise grow with the customers of the other tests.</param>
public sealed record PermissionRow(
    string Endpoint, Callers Callers, int Status = 200, object? Body = null, string? Scope = null, int? KeyStatus = null, string Query = "")
{
    /// <summary>Whether a key makes no difference: everybody may read here.</summary>
    public bool IgnoresKeys => Callers == Callers.Everybody && Scope is null && Method == HttpMethod.Get;

    public HttpMethod Method => HttpMethod.Parse(Endpoint.Split(' ')[0]);

    public string Path => Endpoint.Split(' ')[1];

    /// <summary>Calls the endpoint with the target's resources.</summary>
    public Task<Answer> SendAsync(Actor caller, PermissionTarget target, params (string Name, string Value)[] headers)
    {
        var email = Path.Contains("update_profile", StringComparison.Ordinal) && caller.Email.Length > 0 ? caller.Email : target.Owner.Email;
        var body = Body is null ? null : JsonSerializer.Serialize(Body)
            .Replace("\"{customer}\"", target.Owner.Id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{email}", email, StringComparison.Ordinal)
            .Replace("{unique}", $"Group {Guid.NewGuid()}", StringComparison.Ordinal);
        return caller.Send(Method, target.In(Path) + Query, body, headers);
    }
}

/// <summary>The permission table of the documented API, copied by hand: it must not be derived from the code that it checks.</summary>
internal static class PermissionTable
{
    private static readonly object Address = Given.Address("billing");
    private static readonly object Profile = new { first_name = "Ada", last_name = "Lovelace", email = "{email}" };

    /// <summary>A job that matches nobody, so that it changes nothing while other tests look.</summary>
    private static readonly object NobodyInBulk = new { action = "make_vip", filters = new { username = "nobody whom there is" } };

    private static readonly object Order = new
    {
        order_number = "{unique}",
        customer = "{customer}",
        status = "paid",
        total = "12.50",
        placed_at = "2025-10-15T14:30:00Z",
        revision = 1,
    };

    public static readonly IReadOnlyList<PermissionRow> Rows =
    [
        // Accounts. A public handler that gets no required members refuses the request itself, not because of a permission.
        new("POST /api/customers/register/", Callers.Everybody, 400, new { }, Scope: "customers:write"),
        new("POST /api/auth/token/", Callers.Everybody, 400, new { }),
        new("POST /api/auth/token/refresh/", Callers.Everybody, 400, new { }),
        new("POST /api/auth/token/revoke/", Callers.Everybody, 204, new { refresh = "1.unknown" }),
        new("GET /.well-known/jwks.json", Callers.Everybody),
        new("GET /api/auth/sessions/", Callers.SignedIn),
        new("DELETE /api/auth/sessions/", Callers.SignedIn, 204),
        new("DELETE /api/auth/sessions/{nobodys}/", Callers.SignedIn, 404),
        new("GET /api/customers/customers/{customer}/sessions/", Callers.Admin),
        new("DELETE /api/customers/customers/{customer}/sessions/", Callers.Admin, 204),
        new("DELETE /api/customers/customers/{customer}/sessions/{session}/", Callers.Admin, 204),
        new("POST /api/auth/factors/passkeys/options/", Callers.SignedIn),
        new("POST /api/auth/factors/passkeys/", Callers.SignedIn, 400, new { }),
        new("GET /api/auth/factors/passkeys/", Callers.SignedIn),
        new("DELETE /api/auth/factors/passkeys/{passkey}/", Callers.SignedIn, 404),
        new("POST /api/auth/passkeys/options/", Callers.Everybody),
        new("POST /api/auth/passkeys/", Callers.Everybody, 400, new { }),
        new("POST /api/auth/token/factor/", Callers.Everybody, 400, new { }),
        new("POST /api/auth/step_up/", Callers.SignedIn, 400, new { }),
        new("GET /api/auth/factors/", Callers.SignedIn),
        new("GET /api/customers/customers/{customer}/factors/", Callers.OwnerOrAdmin),
        new("POST /api/auth/factors/totp/", Callers.SignedIn),
        new("POST /api/auth/factors/totp/confirm/", Callers.SignedIn, 400, new { }),
        new("DELETE /api/auth/factors/totp/", Callers.SignedIn, 204),
        new("GET /.well-known/openid-configuration", Callers.Everybody),
        new("POST /api/customers/customers/change_password/", Callers.SignedIn, 400, new { }),
        new("POST /api/customers/customers/send_email_code/", Callers.SignedIn, 202),
        new("POST /api/customers/customers/verify_email/", Callers.Everybody, 400, new { token = "1.unknown" }),
        new("POST /api/customers/customers/send_phone_code/", Callers.SignedIn, 409),
        new("POST /api/customers/customers/verify_phone/", Callers.SignedIn, 400, new { code = "no code" }),
        new("POST /api/customers/customers/undo_email/", Callers.Everybody, 400, new { token = "1.unknown" }),
        new("POST /api/auth/password/reset/", Callers.Everybody, 202, new { username = "nobody" }),
        new("POST /api/auth/password/reset/confirm/", Callers.Everybody, 400, new { }),

        // Customers
        new("GET /api/customers/customers/", Callers.Admin, Scope: "customers:read"),
        new("GET /api/customers/search/", Callers.Admin, Scope: "customers:read"),
        new("GET /api/customers/customers/export/", Callers.Admin, Scope: "export:read", Query: "?username=nobody"),
        new("GET /api/customers/customers/bulk/", Callers.Admin, Scope: "customers:read"),
        new("POST /api/customers/customers/bulk/", Callers.Admin, 202, NobodyInBulk, Scope: "customers:write"),
        new("GET /api/customers/customers/bulk/{job}/", Callers.Admin, 404, Scope: "customers:read"),
        new("POST /api/customers/customers/bulk/{job}/cancel/", Callers.Admin, 404, Scope: "customers:write"),
        new("GET /api/customers/customers/me/", Callers.SignedIn),
        new("PUT /api/customers/customers/update_profile/", Callers.SignedIn, 200, Profile),
        new("PATCH /api/customers/customers/update_profile/", Callers.SignedIn, 200, new { gender = "female" }),
        new("GET /api/customers/customers/{customer}/", Callers.OwnerOrAdmin, Scope: "customers:read"),
        new("GET /api/customers/customers/{uuid}/", Callers.OwnerOrAdmin, Scope: "customers:read"),
        new("PUT /api/customers/customers/{customer}/", Callers.OwnerOrAdmin, 200, Profile, Scope: "customers:write"),
        new("PATCH /api/customers/customers/{customer}/", Callers.OwnerOrAdmin, 200, new { gender = "female" }, Scope: "customers:write"),
        new("DELETE /api/customers/customers/{customer}/", Callers.Admin, 204),
        new("POST /api/customers/customers/{customer}/verify/", Callers.Admin, Scope: "customers:write"),
        new("POST /api/customers/customers/{customer}/make_vip/", Callers.Admin, Scope: "customers:write"),
        new("POST /api/customers/customers/{customer}/deactivate/", Callers.OwnerOrAdmin, Scope: "customers:write"),
        new("POST /api/customers/customers/{customer}/reactivate/", Callers.Admin, Scope: "customers:write"),
        new("GET /api/customers/customers/{customer}/benefits/", Callers.OwnerOrAdmin, Scope: "customers:read"),
        new("GET /api/customers/customers/{customer}/groups/", Callers.Admin, Scope: "groups:read"),

        // History, points and figures
        new("GET /api/customers/customers/{customer}/stats/", Callers.OwnerOrAdmin, Scope: "customers:read"),
        new("GET /api/customers/customers/{customer}/orders/", Callers.OwnerOrAdmin, Scope: "orders:read"),
        new("GET /api/orders/{stored}/", Callers.Admin, Scope: "orders:read"),
        new("PUT /api/orders/{order}/", Callers.Admin, 201, Order, Scope: "orders:write"),
        new("POST /api/orders/batch/", Callers.Admin, 200, new { orders = new[] { Order } }, Scope: "orders:write"),
        new("GET /api/customers/customers/{customer}/wishlist/", Callers.OwnerOrAdmin, Scope: "customers:read"),
        new("PUT /api/customers/customers/{customer}/wishlist/{product}/", Callers.OwnerOrAdmin, 200, new { name = "Umbrella" }, Scope: "wishlist:write"),
        new("DELETE /api/customers/customers/{customer}/wishlist/{product}/", Callers.OwnerOrAdmin, 204, Scope: "wishlist:write"),
        new("GET /api/customers/customers/{customer}/reviews/", Callers.OwnerOrAdmin, Scope: "customers:read"),
        new("GET /api/reviews/{review}/", Callers.Admin, Scope: "customers:read"),
        new("PUT /api/reviews/{review}/", Callers.Admin, 200, new { customer = "{customer}", product_id = "p1", rating = 4, revision = 2 },
            Scope: "reviews:write"),
        new("DELETE /api/reviews/{review}/", Callers.Admin, 204, Scope: "reviews:write"),
        new("POST /api/customers/customers/{customer}/update_loyalty_tier/", Callers.Admin, 200, new { }, Scope: "points:write"),
        new("POST /api/customers/customers/{customer}/add_loyalty_points/", Callers.Admin, 200, new { points = 5, reason = "A good customer" },
            Scope: "points:write"),
        new("POST /api/customers/customers/{customer}/redeem_loyalty_points/", Callers.Admin, 200, new { points = 5, reason = "A voucher" },
            Scope: "points:write"),
        new("GET /api/customers/customers/{customer}/loyalty/", Callers.OwnerOrAdmin, Scope: "points:read"),
        new("GET /api/customers/customers/{customer}/loyalty/entries/", Callers.OwnerOrAdmin, Scope: "points:read"),
        new("GET /api/customers/customers/{customer}/loyalty/lots/", Callers.OwnerOrAdmin, Scope: "points:read"),
        new("GET /api/customers/customers/{customer}/loyalty/tiers/", Callers.OwnerOrAdmin, Scope: "points:read"),
        new("POST /api/customers/customers/{customer}/loyalty/entries/{entry}/reverse/", Callers.Admin, 200, new { reason = "The voucher was not used" },
            Scope: "points:write"),
        new("GET /api/customers/loyalty/tiers/", Callers.Everybody),
        new("POST /api/customers/loyalty/simulate/", Callers.Admin, 200, new { tiers = new[] { new { name = "gold", from = "4000.00" } } },
            Scope: "points:read"),
        new("GET /api/customers/loyalty/liability/", Callers.Admin, Scope: "points:read"),
        new("GET /api/customers/analytics/", Callers.Admin, Scope: "analytics:read"),
        new("GET /api/customers/analytics/series/", Callers.Admin, Scope: "analytics:read"),
        new("GET /api/customers/analytics/movement/", Callers.Admin, Scope: "analytics:read"),
        new("GET /api/customers/analytics/backlog/", Callers.Admin, Scope: "analytics:read"),

        // Privacy
        new("GET /api/customers/customers/{customer}/export/", Callers.OwnerOrAdmin, Scope: "export:read"),
        new("GET /api/customers/customers/{customer}/history/", Callers.Admin),
        new("GET /api/customers/customers/{customer}/consents/", Callers.OwnerOrAdmin, Scope: "customers:read"),

        // Messages. No message has this id.
        new("GET /api/messages/", Callers.Admin),
        new("POST /api/messages/{message}/retry/", Callers.Admin, 404),

        // Events
        new("GET /api/events/", Callers.Admin, Scope: "events:read"),

        // Webhooks. No delivery has this id. The webhook of a target is turned off, so it stays where it is.
        new("GET /api/webhooks/", Callers.Admin, Scope: "webhooks:read"),
        new("POST /api/webhooks/", Callers.Admin, 201, new { url = "https://shop.invalid/", is_active = false }, Scope: "webhooks:write"),
        new("GET /api/webhooks/{webhook}/", Callers.Admin, Scope: "webhooks:read"),
        new("PATCH /api/webhooks/{webhook}/", Callers.Admin, 200, new { description = "Changed" }, Scope: "webhooks:write"),
        new("DELETE /api/webhooks/{webhook}/", Callers.Admin, 204, Scope: "webhooks:write"),
        new("POST /api/webhooks/{webhook}/rotate/", Callers.Admin, 200, new { overlap = 60 }, Scope: "webhooks:write"),
        new("POST /api/webhooks/{webhook}/test/", Callers.Admin, Scope: "webhooks:write"),
        new("POST /api/webhooks/{webhook}/redeliver/", Callers.Admin, 200, new { since = "2025-10-15T14:30:00Z" }, Scope: "webhooks:write"),
        new("GET /api/webhooks/{webhook}/deliveries/", Callers.Admin, Scope: "webhooks:read"),
        new("POST /api/webhooks/{webhook}/deliveries/{delivery}/redeliver/", Callers.Admin, 404, Scope: "webhooks:write"),

        // Addresses: the owner's own; admins see, change and delete all
        new("GET /api/customers/addresses/", Callers.SignedIn, Scope: "addresses:read"),
        new("POST /api/customers/addresses/", Callers.SignedIn, 201, Address, Scope: "addresses:write", KeyStatus: 400),
        new("GET /api/customers/addresses/{address}/", Callers.OwnerOrAdmin, Scope: "addresses:read"),
        new("PUT /api/customers/addresses/{address}/", Callers.OwnerOrAdmin, 200, Address, Scope: "addresses:write"),
        new("PATCH /api/customers/addresses/{address}/", Callers.OwnerOrAdmin, 200, new { company = "Analytical Engines" }, Scope: "addresses:write"),
        new("DELETE /api/customers/addresses/{address}/", Callers.OwnerOrAdmin, 204, Scope: "addresses:write"),
        new("POST /api/customers/addresses/{address}/set_default/", Callers.OwnerOrAdmin, Scope: "addresses:write"),
        new("GET /api/customers/addresses/countries/", Callers.Everybody),
        new("GET /api/customers/addresses/countries/{country}/", Callers.Everybody),

        // Segments
        new("GET /api/customers/groups/fields/", Callers.Admin, Scope: "groups:read"),
        new("GET /api/customers/groups/values/", Callers.Admin, Scope: "groups:read", Query: "?field=tags"),
        new("POST /api/customers/groups/preview/", Callers.Admin, 200, new { assignment_rules = new { all = Array.Empty<object>() } }, Scope: "groups:read"),
        new("GET /api/customers/groups/{group}/explain/", Callers.Admin, Scope: "groups:read", KeyStatus: 400),

        // Groups
        new("GET /api/customers/groups/", Callers.SignedIn, Scope: "groups:read"),
        new("POST /api/customers/groups/", Callers.Admin, 201, new { name = "{unique}" }, Scope: "groups:write"),
        new("GET /api/customers/groups/{group}/", Callers.SignedIn, Scope: "groups:read"),
        new("PUT /api/customers/groups/{group}/", Callers.Admin, 200, new { name = "{unique}" }, Scope: "groups:write"),
        new("PATCH /api/customers/groups/{group}/", Callers.Admin, 200, new { description = "Changed" }, Scope: "groups:write"),
        new("DELETE /api/customers/groups/{group}/", Callers.Admin, 204, Scope: "groups:write"),
        new("GET /api/customers/groups/{group}/members/", Callers.SignedIn, Scope: "groups:read"),
        new("POST /api/customers/groups/{group}/add_member/", Callers.Admin, 200, new { customer_id = "{customer}" }, Scope: "groups:write"),
        new("POST /api/customers/groups/{group}/remove_member/", Callers.Admin, 200, new { customer_id = "{customer}" }, Scope: "groups:write"),
        new("POST /api/customers/groups/{group}/reset_member/", Callers.Admin, 200, new { customer_id = "{customer}" }, Scope: "groups:write"),

        new("GET /api/customers/groups/{group}/changes/", Callers.Admin, Scope: "groups:read"),
        new("POST /api/customers/groups/{group}/rebuild/", Callers.Admin, 409, Scope: "groups:write"),

        // API keys
        new("GET /api/keys/", Callers.Admin),
        new("POST /api/keys/", Callers.Admin, 201, new { name = "Order system", scopes = new[] { "orders:write" } }),
        new("GET /api/keys/{key}/", Callers.Admin),
        new("PATCH /api/keys/{key}/", Callers.Admin, 200, new { name = "Shop" }),
        new("DELETE /api/keys/{key}/", Callers.Admin, 204),
        new("POST /api/keys/{key}/rotate/", Callers.Admin, 200, new { grace_period = 60 }),

        // The service itself
        new("GET /health/live", Callers.Everybody),
        new("GET /health/ready", Callers.Everybody),
        new("GET /api/schema.json", Callers.Everybody),
        new("GET /api/asyncapi.json", Callers.Everybody),

        // The address of the service leads to the console. The calls of its session need the console's header, whoever calls.
        new("GET /", Callers.Everybody, 302),
        new("GET /console/{page}", Callers.Everybody),
        new("GET /console/session/", Callers.Everybody, 403),
        new("POST /console/session/", Callers.Everybody, 403, new { }),
        new("POST /console/session/factor/", Callers.Everybody, 403, new { }),
        new("POST /console/session/passkey/", Callers.Everybody, 403, new { }),
        new("POST /console/session/renew/", Callers.Everybody, 403),
        new("DELETE /console/session/", Callers.Everybody, 403),
        new("GET /account/verify/", Callers.Everybody),
        new("GET /account/reset/", Callers.Everybody),
        new("GET /account/undo/", Callers.Everybody),
        new("GET /account/account.js", Callers.Everybody),
    ];
}
