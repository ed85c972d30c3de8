using System.Data.Common;

namespace Clientele.Server.Data;

/// <summary>Until it is disposed, a context uses this connection instead of one of the requests' pool.</summary>
internal sealed class OwnConnection : IDisposable
{
    private readonly ClienteleDb _db;
    private bool _isOver;

    public OwnConnection(ClienteleDb db, DbConnection connection)
    {
        _db = db;
        db.Database.SetDbConnection(connection, contextOwnsConnection: true);
        db.HasOwnConnection = true;
    }

    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;

            // After a BEGIN that was cancelled, EF Core still counts the connection as used.
            _db.Database.CloseConnection();
            _db.Database.SetDbConnection(null, contextOwnsConnection: true);
            _db.HasOwnConnection = false;
        }
    }
}
