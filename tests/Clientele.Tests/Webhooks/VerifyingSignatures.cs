using System.Text;
using Clientele.Client;

namespace Clientele.Tests.Webhooks;

/// <summary>The verifier of the SDK, with the public example of Standard Webhooks.</summary>
public sealed class VerifyingSignatures
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    [Fact]
    public void The_example_of_the_standard_is_signed_like_that() => Assert.Equal(Signature, WebhookVerifier.Sign(Secret, Id, At, Body));

    [Fact]
    public void The_example_of_the_standard_is_accepted() => Verifier(Secret).VerifySignature(Id, Timestamp, Signature, Body);

    [Theory]
    [InlineData(-299, true)]
    [InlineData(299, true)]
    [InlineData(-301, false)]
    [InlineData(301, false)]
    public void Five_minutes_are_the_limit(int seconds, bool isAccepted)
    {
        var verifier = new WebhookVerifier(new FixedClock(At.AddSeconds(seconds)), Secret);

        var failure = Record.Exception(() => verifier.VerifySignature(Id, Timestamp, Signature, Body));

        Assert.Equal(isAccepted, failure is null);
        Assert.True(failure is null or WebhookVerificationException);
    }

    [Fact]
    public void One_of_several_secrets_and_one_of_several_signatures_is_enough()
    {
        Verifier(Other, Secret).VerifySignature(Id, Timestamp, Signature, Body);
        Verifier(Secret).VerifySignature(Id, Timestamp, $"v1,bm9uc2Vuc2U= v2,whatever v1a,whatever {Signature}", Body);
    }

    [Theory]
    [InlineData(null, Timestamp, Signature)]
    [InlineData("", Timestamp, Signature)]
    [InlineData(Id, null, Signature)]
    [InlineData(Id, Timestamp, null)]
    [InlineData(Id, Timestamp, "")]
    [InlineData("msg_other", Timestamp, Signature)]
    [InlineData(Id, "1614265331", Signature)]
    [InlineData(Id, "soon", Signature)]
    [InlineData(Id, "-1614265330", Signature)]
    [InlineData(Id, "99999999999999999999", Signature)]
    [InlineData(Id, "9223372036854775807", Signature)]
    [InlineData(Id, Timestamp, "v1,")]
    [InlineData(Id, Timestamp, "v1")]
    [InlineData(Id, Timestamp, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData(Id, Timestamp, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData(Id, Timestamp, "v1,é v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE")]
    public void Everything_else_is_refused(string? id, string? timestamp, string? signature) =>
        Assert.Throws<WebhookVerificationException>(() => Verifier(Secret).VerifySignature(id, timestamp, signature, Body));

    [Fact]
    public void A_changed_body_is_refused() =>
        Assert.False(Verifier(Secret).TryVerify(Id, Timestamp, Signature, Encoding.UTF8.GetBytes("""{"test": 2432232315}"""), out _));

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_!!!")]
    [InlineData("")]
    public void A_secret_that_is_none_is_refused_at_once(string secret) => Assert.ThrowsAny<ArgumentException>(() => new WebhookVerifier(secret));

    [Fact]
    public void Without_a_secret_there_is_no_verifier() => Assert.ThrowsAny<ArgumentException>(() => new WebhookVerifier());

    private static WebhookVerifier Verifier(params string[] secrets) => new(new FixedClock(At), secrets);

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
