using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The usage examples of the original document, verbatim (ids aside) and in order.</summary>
public sealed class TellingTheStory
{
    [Fact]
    public async Task The_documented_examples_work_verbatim_in_order()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();

        // 1. Register a New Customer
        var registered = (await own.Stranger.Post("/api/customers/register/", """
            {
              "username": "johndoe",
              "email": "john@example.com",
              "password": "SecureP@ssw0rd123!",
              "password2": "SecureP@ssw0rd123!",
              "first_name": "John",
              "last_name": "Doe",
              "phone": "+1234567890"
            }
            """)).Expect(201);
        var id = (long)registered["id"];
        Assert.Equal("bronze", (string)registered["loyalty_tier"]!);
        var john = await own.SignInAsync("johndoe", "SecureP@ssw0rd123!", id);

        // 2. Get Current User Profile
        var me = (await john.Get("/api/customers/customers/me/")).Expect(200);
        Assert.Equal("John Doe", (string)me["full_name"]!);

        // 3. Update Profile
        var updated = (await john.Patch("/api/customers/customers/update_profile/", """
            {
              "first_name": "John",
              "last_name": "Smith",
              "phone": "+1234567890",
              "accepts_marketing_email": true,
              "preferred_currency": "USD"
            }
            """)).Expect(200);
        Assert.Equal("John Smith", (string)updated["full_name"]!);
        Assert.True((bool)updated["accepts_marketing_email"]);

        // 4. Change Password
        (await john.Post("/api/customers/customers/change_password/", """
            {
              "old_password": "SecureP@ssw0rd123!",
              "new_password": "NewSecureP@ss456!",
              "new_password2": "NewSecureP@ss456!"
            }
            """)).Expect(200);
        (await john.Get("/api/customers/customers/me/")).ExpectProblem(401);
        john = await own.SignInAsync("john@example.com", "NewSecureP@ss456!", id);

        // 5. Get Customer Statistics, of what the order system has delivered
        for (var order = 1; order <= 15; order++)
        {
            (await admin.Put($"/api/orders/{order}/", new
            {
                customer = id,
                status = order == 15 ? "shipped" : "delivered",
                total = order <= 5 ? "164.00" : "163.00",
                placed_at = $"2025-10-{order:D2}T14:30:00Z",
                revision = 1,
            })).Expect(201);
        }

        var stats = (await john.Get($"/api/customers/customers/{id}/stats/")).Expect(200);
        Assert.Equal(15, (int)stats["total_orders"]);
        Assert.Equal("2450.00", (string)stats["total_spent"]!);
        Assert.Equal("163.33", (string)stats["average_order_value"]!);
        Assert.Equal("2025-10-15T14:30:00Z", (string)stats["last_order_date"]!);
        Assert.Equal("silver", (string)stats["loyalty_tier"]!);

        // 6. Get Customer Orders
        var orders = (await john.Get($"/api/customers/customers/{id}/orders/?status=delivered")).Expect(200);
        Assert.Equal(14, (int)orders["count"]);
        Assert.Equal("14", (string)orders["results"]![0]!["order_number"]!);

        // 7. Add a New Address
        var address = (await john.Post("/api/customers/addresses/", """
            {
              "address_type": "shipping",
              "first_name": "John",
              "last_name": "Doe",
              "phone": "+1234567890",
              "address_line1": "123 Main St",
              "address_line2": "Apt 4B",
              "city": "New York",
              "state": "NY",
              "postal_code": "10001",
              "country": "USA",
              "is_default": true
            }
            """)).Expect(201);
        Assert.Equal("John Doe, 123 Main St, Apt 4B, New York, NY 10001, United States", (string)address["full_address"]!);

        // 8. Set Address as Default
        var set = (await john.Post($"/api/customers/addresses/{address["id"]}/set_default/")).Expect(200);
        Assert.True((bool)set["is_default"]);

        // 9. Filter Customers by Loyalty Tier
        var gold = (await admin.Get("/api/customers/customers/?loyalty_tier=gold&min_spent=1000")).Expect(200);
        Assert.Equal(0, (int)gold["count"]);

        // 10. Add Loyalty Points (Admin)
        var points = (await admin.Post($"/api/customers/customers/{id}/add_loyalty_points/", """
            {
              "points": 500,
              "reason": "Special promotion bonus"
            }
            """)).Expect(200);
        Assert.Equal(2950, (int)points["new_balance"]);
        Assert.Equal("Special promotion bonus", (string)points["reason"]!);

        // 11. Verify Customer Account (Admin)
        var verified = (await admin.Post($"/api/customers/customers/{id}/verify/")).Expect(200);
        Assert.True((bool)verified["is_verified"]);

        // 12. Create Customer Group (Admin)
        var group = (await admin.Post("/api/customers/groups/", """
            {
              "name": "VIP Gold Members",
              "description": "Top tier customers with exclusive benefits",
              "discount_percentage": 15.00,
              "priority_support": true,
              "free_shipping": true
            }
            """)).Expect(201);
        Assert.Equal("15.00", (string)group["discount_percentage"]!);

        // 13. Add Customer to Group (Admin)
        var added = (await admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_id = id })).Expect(200);
        Assert.True((bool)added["changed"]);
        me = (await john.Get("/api/customers/customers/me/")).Expect(200);
        Assert.Equal("VIP Gold Members", (string)me["customer_groups"].AsArray().Single()!["name"]!);

        // 14. Get Customer Wishlist
        (await john.Put($"/api/customers/customers/{id}/wishlist/p-100/", new { name = "Red T-shirt, M", price = "19.90" })).Expect(201);
        var wishlist = (await john.Get($"/api/customers/customers/{id}/wishlist/")).Expect(200);
        Assert.Equal("p-100", (string)wishlist["results"]![0]!["product_id"]!);

        // 15. Get Customer Reviews
        (await admin.Put("/api/reviews/r-500/", new { customer = id, product_id = "p-100", rating = 5, revision = 1 })).Expect(201);
        var reviews = (await john.Get($"/api/customers/customers/{id}/reviews/")).Expect(200);
        Assert.Equal(5, (int)reviews["results"]![0]!["rating"]!);
    }
}
