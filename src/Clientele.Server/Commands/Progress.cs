using Spectre.Console;

namespace Clientele.Server.Commands;

/// <summary>A progress bar with rate and remaining time, or plain lines if there is no terminal.</summary>
internal static class Progress
{
    public static async Task<T> RunAsync<T>(IServiceProvider services, string what, int total, Func<Action<int>, Task<T>> work)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var started = clock.GetTimestamp();
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            var next = 0;
            return await work(done =>
            {
                if (done >= next || done == total)
                {
                    next = done + Math.Max(total / 10, 1);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {done} of {total}, {Rate(done):0} a second"));
                }
            });
        }

        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(what, maxValue: total);
                return await work(done =>
                {
                    task.Value = done;
                    task.Description = string.Create(CultureInfo.InvariantCulture, $"{what}: {done} ({Rate(done):0} a second)");
                });
            });

        double Rate(int done) => done / clock.GetElapsedTime(started).TotalSeconds;
    }
}
