using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace Clientele.Bench;

/// <summary>A server in its own process, so that its CPU time can be measured separately.</summary>
internal sealed partial class ServerUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerUnderTest(string name, ProcessStartInfo start)
    {
        Name = name;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new() { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new BenchException("The server ended before it listened."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int ProcessId => _process.Id;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The server's assembly, built next to this one.</summary>
    public static string Clientele
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(own.Parent!.Parent!.FullName, "Clientele.Server", own.Name, "clientele.dll");
        }
    }

    public static ProcessStartInfo Verb(string assembly, params IEnumerable<string> arguments)
    {
        // A folder in which nothing is written: earlier releases watch theirs.
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { WorkingDirectory = AppContext.BaseDirectory };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        return start;
    }

    public static async Task<ServerUnderTest> StartAsync(string name, ProcessStartInfo start, string readyPath, CancellationToken cancellationToken)
    {
        var server = new ServerUnderTest(name, start);
        try
        {
            server.Address = await server._listening.Task.WaitAsync(Patience, cancellationToken);
            using var client = new HttpClient { BaseAddress = server.Address };
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(50, cancellationToken))
            {
                using var answer = await client.GetAsync(new Uri(readyPath, UriKind.Relative), cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return server;
                }
            }

            throw new BenchException("The server did not become ready.");
        }
        catch (Exception reason) when (reason is not OperationCanceledException)
        {
            await server.DisposeAsync();
            throw new BenchException($"{reason.Message} It said:\n{string.Join('\n', server._output)}");
        }
    }

    /// <summary>Waits for the end of a server that was asked to stop.</summary>
    public Task EndAsync() => _process.WaitForExitAsync().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        if (ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ListeningLine();
}
