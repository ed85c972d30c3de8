using Clientele.Server.Data;
using Npgsql;

namespace Clientele.Tests.Data;

/// <summary>What the setting Database decides about a PostgreSQL connection, and what our defaults decide.</summary>
[Trait("Database", "Any")]
public class ConnectingToPostgres
{
    [Theory]
    [InlineData("Host=db;Username=shop")]
    [InlineData("postgres://shop:secret@db/clientele")]
    public async Task What_the_setting_leaves_open_is_what_is_good_for_the_service(string setting)
    {
        var connection = await ConnectionAsync(setting);

        Assert.Equal(("db", "clientele", 15, 5), (connection.Host, connection.ApplicationName, connection.CommandTimeout, connection.Timeout));
        Assert.True(connection.NoResetOnClose);
        Assert.Equal(200, connection.MaxAutoPrepare);
    }

    [Theory]
    [InlineData("Host=db;CommandTimeout=60;Timeout=1;Max Auto Prepare=0;No Reset On Close=false;Application Name=till")]
    [InlineData("postgresql://db/shop?Command Timeout=60&Timeout=1&Max Auto Prepare=0&No Reset On Close=false&Application Name=till")]
    public async Task What_the_setting_says_holds(string setting)
    {
        var connection = await ConnectionAsync(setting);

        Assert.Equal(("till", 60, 1, 0), (connection.ApplicationName, connection.CommandTimeout, connection.Timeout, connection.MaxAutoPrepare));
        Assert.False(connection.NoResetOnClose);
    }

    [Fact]
    public async Task Three_nodes_have_room_in_a_server_as_it_comes()
    {
        const int MaxConnections = 100;
        const int ReservedForSuperusers = 3;
        await using var database = new Database("Host=db;Username=shop");

        Assert.True(3 * database.MostConnections <= MaxConnections - ReservedForSuperusers, $"{database.MostConnections}");
    }

    private static async Task<NpgsqlConnectionStringBuilder> ConnectionAsync(string setting)
    {
        await using var database = new Database(setting);
        return new NpgsqlConnectionStringBuilder(database.Source!.ConnectionString);
    }
}
