using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Clientele.Client;
using Npgsql;

namespace Clientele.Bench.Floor;

/// <summary>The writes of the floor.</summary>
internal sealed class FloorWrites(NpgsqlDataSource source)
{
    private readonly FloorIds _ids = new(source, "addresses");
    private readonly FloorIds _changes = new(source, "changes");

    public async Task<AddressResponse> AddAddressAsync(AddressRequest request)
    {
        var now = DateTime.UtcNow;
        var customer = request.Customer!.Value;
        var id = await _ids.NextAsync();
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var version = await LockAsync(connection, customer);
        var types = new List<string>();
        await using (var command = connection.Command(Sql.AddressTypes, customer))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                types.Add(reader.GetString(0));
            }
        }

        var isDefault = !types.Contains(request.AddressType);
        var (sequence, hash) = await AuditHeadAsync(connection, customer);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            Sql.InsertAddress, customer, id, request.AddressLine1, request.AddressLine2, request.AddressType,
            request.City, request.City?.ToLowerInvariant(), request.Company,
            request.Country, now, request.FirstName, isDefault, request.LastName, request.Phone,
            request.PostalCode, request.State, request.State?.ToLowerInvariant(), now, 1);
        var resource = string.Create(CultureInfo.InvariantCulture, $"address/{id}");
        var changes = JsonSerializer.Serialize(request, FloorJson.Default.AddressRequest);
        AddAudit(batch, customer, sequence + 1, hash, now, "address.created", "admin", resource, changes);
        batch.Add(Sql.TouchCustomer, now, version + 1, customer);
        batch.Add(Sql.QueueCustomer, customer, await _changes.NextAsync(), 1L << 28, now);
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return new AddressResponse
        {
            Id = id,
            Customer = customer,
            AddressType = request.AddressType,
            FirstName = request.FirstName,
            LastName = request.LastName,
            Company = request.Company,
            Phone = request.Phone,
            AddressLine1 = request.AddressLine1,
            AddressLine2 = request.AddressLine2,
            City = request.City,
            State = request.State,
            StateName = request.State,
            PostalCode = request.PostalCode,
            Country = request.Country,
            CountryName = request.Country,
            IsDefault = isDefault,
            FullAddress = $"{request.FirstName} {request.LastName}, {request.AddressLine1}, {request.City}, {request.PostalCode}, {request.Country}",
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    public async Task<OrderResponse> PutOrderAsync(string number, OrderRequest request)
    {
        var customer = long.Parse(request.Customer!.Value.Text, CultureInfo.InvariantCulture);
        var (total, placedAt, revision) = ((long)(request.Total!.Value * 100), request.PlacedAt!.Value, request.Revision!.Value);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ScalarAsync(Sql.ClaimOrders, new[] { number }, new[] { customer });
        await using (var command = connection.Command(Sql.LockCustomers, new[] { customer }))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            await reader.ReadAsync();
        }

        await using var batch = new NpgsqlBatch(connection);
        batch.Add(Sql.UpdateTotals, 1, total, customer);
        batch.Add(Sql.InsertOrder, customer, number, true, "USD", 10_000_000_000L, total, placedAt, 0L, revision, request.Status, total);
        foreach (var line in request.Lines)
        {
            batch.Add(
                Sql.InsertOrderLine, customer, line.LineNumber, number, line.Category, line.Name,
                line.ProductId, line.Quantity, line.RefundedQuantity, line.Sku, (long)(line.UnitPrice * 100));
        }

        batch.Add(Sql.QueueCustomer, customer, await _changes.NextAsync(), 1L << 25, DateTime.UtcNow);
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return new OrderResponse
        {
            OrderNumber = number,
            Customer = customer,
            Status = request.Status,
            Currency = "USD",
            ExchangeRate = 1,
            Total = request.Total.Value,
            Refunded = 0,
            PlacedAt = placedAt,
            Revision = revision,
            Lines = request.Lines,
        };
    }

    public static void AddAudit(
        NpgsqlBatch batch, long customer, long sequence, byte[] previous, DateTime at, string action, string role, string resource, string changes)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var details = SHA256.HashData([.. salt, .. System.Text.Encoding.UTF8.GetBytes(changes)]);
        batch.Add(Sql.InsertAuditDetails, customer, sequence, changes, "127.0.0.1", salt);
        batch.Add(Sql.InsertAuditEntry, customer, sequence, action, null, role, at, details, SHA256.HashData([.. previous, .. details]), resource);
    }

    private static async Task<int> LockAsync(NpgsqlConnection connection, long customer)
    {
        await using var command = connection.Command(Sql.LockCustomer, customer);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetInt32(reader.GetOrdinal("version"));
    }

    private static async Task<(long Sequence, byte[] Hash)> AuditHeadAsync(NpgsqlConnection connection, long customer)
    {
        await using var command = connection.Command(Sql.AuditHead, customer);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : (0, []);
    }
}

/// <summary>Ids in blocks, as in the service.</summary>
internal sealed class FloorIds(NpgsqlDataSource source, string kind)
{
    private const long Block = 128;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _next;
    private long _end;

    public async Task<long> NextAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_next == _end)
            {
                await using var connection = await source.OpenConnectionAsync();
                _end = (long)(await connection.ScalarAsync(Sql.TakeIds, kind, Block))!;
                _next = _end - Block;
            }

            return _next++;
        }
        finally
        {
            _gate.Release();
        }
    }
}
