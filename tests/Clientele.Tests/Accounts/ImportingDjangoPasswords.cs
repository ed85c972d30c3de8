using Clientele.Server.Accounts;

namespace Clientele.Tests.Accounts;

[Trait("Database", "Any")]
public class ImportingDjangoPasswords
{
    // Created with Python's hashlib.pbkdf2_hmac.
    private const string Hash = "pbkdf2_sha256$1000$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYk=";

    [Fact]
    public void The_right_password_is_recognised()
    {
        Assert.True(DjangoHasher.Verify(Hash, "SecureP@ssw0rd123!"));
        Assert.True(DjangoHasher.Verify("pbkdf2_sha256$2$é$ikpGerLiN+PzlZ+eMkQ+99BgWu47AGPSTF1/0ww5pFI=", "pässwörd"));
    }

    [Theory]
    [InlineData("SecureP@ssw0rd123")]
    [InlineData("")]
    [InlineData("\ud800")]
    public void Another_password_is_not(string password) => Assert.False(DjangoHasher.Verify(Hash, password));

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("pbkdf2_sha256$")]
    [InlineData("pbkdf2_sha256$1000$Xk2vQ9saltysalt")]
    [InlineData("pbkdf2_sha256$1000$$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYk=")]
    [InlineData("pbkdf2_sha256$1000$Xk2vQ9saltysalt$not base64")]
    [InlineData("pbkdf2_sha256$1000$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpA==")]
    [InlineData("pbkdf2_sha256$1000$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYkJrbnyopPzF5s=")]
    [InlineData("pbkdf2_sha256$1000$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYk=$")]
    [InlineData("pbkdf2_sha256$0$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYk=")]
    [InlineData("pbkdf2_sha256$-1000$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYk=")]
    [InlineData("pbkdf2_sha256$ 1000$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYk=")]
    [InlineData("pbkdf2_sha256$5000001$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYk=")]
    [InlineData("pbkdf2_sha256$99999999999$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYk=")]
    [InlineData("argon2$1000$Xk2vQ9saltysalt$JrbnyopPzF5srPOMd91OpH25uMneO8oLV/9OY+eZSYk=")]
    public void Malformed_and_hostile_hashes_match_nothing(string hash) => Assert.False(DjangoHasher.Verify(hash, "SecureP@ssw0rd123!"));

    [Theory]
    [InlineData(Hash, true)]
    [InlineData("pbkdf2_sha256$", true)]
    [InlineData("pbkdf2_sha1$1$a$b", false)]
    [InlineData("AQAAAAIAAYagAAAAE", false)]
    public void Hashes_are_told_apart_by_their_prefix(string hash, bool django) => Assert.Equal(django, DjangoHasher.IsDjango(hash));
}
