using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Clientele.Tests.Support;

/// <summary>The result of a command.</summary>
public sealed record ServerRun(int ExitCode, string Output, string Errors);

/// <summary>The built server in its own process, for what only a process shows: signals, crashes, exit codes.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Stop at once: there is no load balancer that must notice it first.</summary>
    private const string AtOnce = "--Shutdown:DrainSeconds=0";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string[]? wrapper = null)
    {
        _process = new() { StartInfo = StartInfo(arguments, environment, wrapper), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException("The server ended before it listened."));
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What the process has written so far, on both streams.</summary>
    public string Output => string.Join('\n', _output);

    public int ProcessId => _process.Id;

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Without credentials; does not follow redirections.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    /// <summary>Serves a database on a free port and returns when <c>/health/ready</c> returns success.</summary>
    public static Task<ServerProcess> ServeAsync(string database, params string[] arguments) => ReadyAsync(Start(database, arguments));

    /// <summary>Serves with these environment variables, one of which names the database.</summary>
    public static Task<ServerProcess> ServeAsync(IReadOnlyDictionary<string, string> environment) =>
        ReadyAsync(new(["serve", "--urls", "http://127.0.0.1:0", AtOnce], environment));

    /// <summary>Serves with these environment variables, run by another program: its name and its arguments, before those of the server.</summary>
    public static Task<ServerProcess> ServeWithinAsync(string[] wrapper, IReadOnlyDictionary<string, string> environment) =>
        ReadyAsync(new(["serve", "--urls", "http://127.0.0.1:0", AtOnce], environment, wrapper));

    /// <summary>Starts to serve a database, without waiting for anything.</summary>
    public static ServerProcess Start(string database, params string[] arguments) =>
        new([
            "serve", .. arguments.Contains("--urls") ? Array.Empty<string>() : ["--urls", "http://127.0.0.1:0"], "--database", database, AtOnce, .. arguments]);

    private static async Task<ServerProcess> ReadyAsync(ServerProcess server)
    {
        try
        {
            await server.BecomeReadyAsync();
            return server;
        }
        catch (Exception reason)
        {
            var output = server.Output;
            await server.DisposeAsync();
            throw new InvalidOperationException($"The server did not become ready. It said:\n{output}", reason);
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<ServerRun> RunAsync(IEnumerable<string> arguments, string? stdin = null)
    {
        using var process = Process.Start(StartInfo(arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(stdin);
        process.StandardInput.Close();

        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        return new(process.ExitCode, await output, await errors);
    }

    /// <summary>SIGKILL: to the database, this looks like a power failure.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, the way an orchestrator stops a service; returns the exit code.</summary>
    public Task<int> TerminateAsync() => SignalAsync("TERM");

    /// <summary>SIGINT, as Ctrl+C in a terminal; returns the exit code.</summary>
    public Task<int> InterruptAsync() => SignalAsync("INT");

    private async Task<int> SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{signal} {_process.Id.ToString(CultureInfo.InvariantCulture)}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        Client.Dispose();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string[]? wrapper = null)
    {
        string[] command = [.. wrapper ?? [], "dotnet"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = TestDatabase.TemporaryDirectory,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        // A command without --database must not find the database of the person who runs the tests.
        start.Environment["XDG_DATA_HOME"] = TestDatabase.TemporaryDirectory;

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        start.ArgumentList.Add(ServerAssembly());
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>
    /// What is shipped: the program published to artifacts/publish/Clientele.Server/{configuration}, as bin/test does, or else its build output, if that
    /// is newer or nothing was published.
    /// </summary>
    private static string ServerAssembly()
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var artifacts = tests.Parent!.Parent!.Parent!.FullName;
        var built = Path.Combine(artifacts, "bin", "Clientele.Server", tests.Name, "clientele.dll");
        var published = Path.Combine(artifacts, "publish", "Clientele.Server", tests.Name, "clientele.dll");
        return File.GetLastWriteTimeUtc(published) > File.GetLastWriteTimeUtc(built) ? published
            : File.Exists(built) ? built
            : Path.Combine(tests.FullName, "clientele.dll");
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

    private async Task BecomeReadyAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        Client.BaseAddress = Address = await _listening.Task.WaitAsync(timeout.Token);
        while (true)
        {
            using var answer = await Client.GetAsync("/health/ready", timeout.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            await Task.Delay(50, timeout.Token);
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ListeningLine();
}
