using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Clientele.Client;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Clientele.Bench.Floor;

/// <summary>Registration and sign-in of the floor: the password hash, which is most of their cost, and the statements.</summary>
internal sealed class FloorAccounts(NpgsqlDataSource source)
{
    private readonly FloorIds _ids = new(source, "customers");
    private readonly FloorIds _changes = new(source, "changes");
    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 220_000 }));

    public async Task<CustomerResponse> RegisterAsync(RegisterRequest request)
    {
        var (username, email) = (request.Username.ToUpperInvariant(), request.Email.ToUpperInvariant());
        await using var connection = await source.OpenConnectionAsync();
        await ThrottleAsync(connection, ["register"]);
        await using (var taken = connection.Command(Sql.TakenNames, new[] { username, email }, 0L))
        await using (var reader = await taken.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
        }

        var hash = _hasher.HashPassword(this, request.Password);
        var (id, uuid, now) = (await _ids.NextAsync(), Guid.CreateVersion7(), DateTime.UtcNow);
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.RunAsync(Sql.ClaimName, username, id);
        await connection.RunAsync(Sql.ClaimName, email, id);
        await connection.RunAsync(Sql.CountCustomer, "customers", (int)(id % 16), 1L);
        await using var batch = new NpgsqlBatch(connection);
        FloorWrites.AddAudit(batch, id, 1, [], now, "customer.registered", "anonymous", string.Create(CultureInfo.InvariantCulture, $"customer/{id}"), "{}");
        batch.Add(Sql.InsertUuid, uuid, id);
        var searchText = $" {request.Username} {request.Email} {request.FirstName} {request.LastName}";
        batch.Add(Sql.InsertCustomer, id, now, request.Email, request.FirstName, request.LastName, searchText, request.Username, uuid);
        batch.Add(Sql.InsertAccount, id, hash, 1);
        batch.Add(Sql.InsertTier, id, now);
        batch.Add(Sql.QueueCustomer, id, await _changes.NextAsync(), (1L << 31) - 1, now);
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return Response(request, id, uuid, now);
    }

    public async Task<TokenResponse> SignInAsync(TokenRequest request)
    {
        await using var connection = await source.OpenConnectionAsync();
        var id = (long)(await connection.ScalarAsync(Sql.LoginName, request.Username))!;
        string hash;
        await using (var command = connection.Command(Sql.Account, id))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            hash = reader.GetString(1);
        }

        string[] keys = [$"account {id} network", "network", $"account {id}"];
        await ThrottleAsync(connection, keys);
        if (_hasher.VerifyHashedPassword(this, hash, request.Password) == PasswordVerificationResult.Failed)
        {
            throw new BadHttpRequestException("Wrong password.");
        }

        var now = DateTime.UtcNow;
        var secret = RandomNumberGenerator.GetBytes(32);
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.RunAsync(Sql.ForgetThrottle, keys[0]);
        await connection.RunAsync(Sql.TakeBackThrottle, keys[1]);
        await connection.RunAsync(Sql.TakeBackThrottle, keys[2]);
        await connection.RunAsync(Sql.NoteLogin, now, id);
        await connection.RunAsync(Sql.QueueCustomer, id, await _changes.NextAsync(), 1L << 18, now);
        await connection.RunAsync(Sql.InsertRefreshToken, id, SHA256.HashData(secret), now.AddDays(14), Guid.CreateVersion7(), 1, now);
        await transaction.CommitAsync();
        return Pair(id, secret);
    }

    public async Task<TokenResponse> RefreshAsync(RefreshRequest request)
    {
        var now = DateTime.UtcNow;
        var dot = request.Refresh.IndexOf('.', StringComparison.Ordinal);
        var id = long.Parse(request.Refresh.AsSpan(0, dot), CultureInfo.InvariantCulture);
        var hash = SHA256.HashData(Base64Url.DecodeFromChars(request.Refresh.AsSpan(dot + 1)));
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ScalarAsync(Sql.LockCustomer, id);
        if (await connection.RunAsync(Sql.UseRefreshToken, now, id, hash) == 0)
        {
            throw new BadHttpRequestException("Used already.");
        }

        Guid family;
        DateTime signedIn;
        await using (var command = connection.Command(Sql.RefreshToken, id, hash))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
            (family, signedIn) = (reader.GetGuid(3), reader.GetDateTime(5));
        }

        var successor = RandomNumberGenerator.GetBytes(32);
        await connection.RunAsync(Sql.InsertRefreshToken, id, SHA256.HashData(successor), now.AddDays(14), family, 1, signedIn);
        await transaction.CommitAsync();
        return Pair(id, successor);
    }

    private static async Task ThrottleAsync(NpgsqlConnection connection, string[] keys)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var key in keys)
        {
            await connection.ScalarAsync(Sql.Throttle, key, 1_000_000, now + 3_600_000, now);
        }

        await transaction.CommitAsync();
    }

    /// <summary>The floor never checks tokens, so its own tokens are only random bytes.</summary>
    private static TokenResponse Pair(long id, byte[] secret) => new()
    {
        Access = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(256)),
        Refresh = string.Create(CultureInfo.InvariantCulture, $"{id}.{Base64Url.EncodeToString(secret)}"),
        TokenType = "Bearer",
        ExpiresIn = 900,
    };

    private static CustomerResponse Response(RegisterRequest request, long id, Guid uuid, DateTime now) => new()
    {
        Id = id,
        Uuid = uuid,
        Username = request.Username,
        Email = request.Email,
        PendingEmail = null,
        FirstName = request.FirstName,
        LastName = request.LastName,
        FullName = $"{request.FirstName} {request.LastName}",
        Phone = request.Phone,
        PhoneVerified = false,
        DateOfBirth = request.DateOfBirth,
        Gender = request.Gender,
        AcceptsMarketingEmail = request.AcceptsMarketingEmail,
        AcceptsMarketingSms = request.AcceptsMarketingSms,
        TotalOrders = 0,
        TotalSpent = 0,
        AverageOrderValue = 0,
        LastOrderDate = null,
        LoyaltyPoints = 0,
        LoyaltyTier = "bronze",
        CustomerGroups = [],
        Addresses = [],
        PreferredLanguage = request.PreferredLanguage,
        PreferredCurrency = request.PreferredCurrency,
        Source = request.Source,
        IsVerified = false,
        IsVip = false,
        IsActive = true,
        DateJoined = now,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
