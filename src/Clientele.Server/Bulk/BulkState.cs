namespace Clientele.Server.Bulk;

internal enum BulkState
{
    Waiting,
    Running,
    Done,
    Failed,
    Cancelled,
}
