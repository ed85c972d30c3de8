namespace Clientele.Server.Bulk;

internal static class BulkEndpoints
{
    private static readonly string[] States =
        [BulkJobState.Waiting, BulkJobState.Running, BulkJobState.Done, BulkJobState.Failed, BulkJobState.Cancelled];

    public static readonly ListDefinition<BulkJob> List = new ListDefinition<BulkJob>(j => j.CreatedAt, j => j.Id, "-created_at")
        .OneOf("state", "The state", States, BulkJobState.Running, value =>
        {
            var state = (BulkState)Array.IndexOf(States, value);
            return j => j.State == state;
        });

    public static void Map(IEndpointRouteBuilder api)
    {
        var jobs = api.MapGroup("/api/customers/customers/bulk").WithTag("Bulk", "Changes of many customers at once, in the background.")
            .WithId("bulk", "The job's id.", "0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60");
        jobs.MapGet("/", ListBulkJobs).WithName(nameof(ListBulkJobs)).For(Who.Admin, KeyScope.CustomersRead).Lists(List).Answers(400, 404);
        jobs.MapPost("/", StartBulkJob).WithName(nameof(StartBulkJob)).For(Who.Admin, KeyScope.CustomersWrite).Accepted().Answers(400, 415);
        jobs.MapGet("/{id:guid}/", GetBulkJob).WithName(nameof(GetBulkJob)).For(Who.Admin, KeyScope.CustomersRead).Answers(404);
        jobs.MapPost("/{id:guid}/cancel/", CancelBulkJob).WithName(nameof(CancelBulkJob)).For(Who.Admin, KeyScope.CustomersWrite).Answers(404);
    }

    /// <summary>List bulk jobs</summary>
    /// <remarks>The jobs of all admins and keys, newest first. Keys see their own. Jobs are deleted 30 days after they ended.</remarks>
    internal static Task<Results<PageResult<BulkJobResponse>, Problem>> ListBulkJobs(ListQuery list, BulkJobs jobs, CancellationToken cancellationToken) =>
        list.PageAsync(List, jobs.Visible, j => j, found => Task.FromResult(found.Select(job => job.ToResponse())), cancellationToken);

    /// <summary>Change many customers</summary>
    /// <remarks>
    /// Starts a job that works in the background and returns it. The job goes through the customers by id, up to the last one who exists when it
    /// begins, and changes those who match when it reaches them. Each customer is changed as by a single request, in the caller's name.
    /// </remarks>
    internal static Task<Results<Resource<BulkJobResponse>, Problem>> StartBulkJob(
        Body<BulkRequest> body, BulkJobs jobs, CancellationToken cancellationToken) => jobs.StartAsync(body, cancellationToken);

    /// <summary>Get a bulk job and its progress</summary>
    /// <remarks>Keys see the jobs that they have started.</remarks>
    internal static Task<Results<Resource<BulkJobResponse>, Problem>> GetBulkJob(Guid id, BulkJobs jobs, CancellationToken cancellationToken) =>
        jobs.GetAsync(id, cancellationToken);

    /// <summary>Cancel a bulk job</summary>
    /// <remarks>Customers who are done stay as they are. Nothing happens if the job has ended.</remarks>
    internal static Task<Results<Resource<BulkJobResponse>, Problem>> CancelBulkJob(Guid id, BulkJobs jobs, CancellationToken cancellationToken) =>
        jobs.CancelAsync(id, cancellationToken);
}
