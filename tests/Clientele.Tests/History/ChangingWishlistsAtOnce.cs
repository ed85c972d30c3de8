using Clientele.Tests.Support;

namespace Clientele.Tests.History;

public sealed class ChangingWishlistsAtOnce(ClienteleApp app)
{
    [Fact]
    public async Task A_product_that_is_put_and_taken_off_at_once_is_on_the_list_or_not()
    {
        var customer = await app.CustomerAsync();
        var url = $"{customer.Url}wishlist/lamp/";
        for (var round = 0; round < 5; round++)
        {
            var answers = await Crowd.AtOnceAsync(
                async i => i % 2 == 0 ? await customer.Put(url, new { name = $"Lamp {round} {i}" }) : await customer.Delete(url));

            Assert.All(answers, answer => Assert.Contains((int)answer.Status, new[] { 200, 201, 204, 404 }));
        }
    }
}
