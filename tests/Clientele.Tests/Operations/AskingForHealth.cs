using System.Net;
using System.Net.Sockets;
using Clientele.Server.Commands;
using Clientele.Server.Operations;
using Clientele.Tests.Support;

namespace Clientele.Tests.Operations;

/// <summary>Containers and units ask the program itself how the service is.</summary>
public sealed class AskingForHealth(ClienteleApp app)
{
    [Theory]
    [InlineData("ready")]
    [InlineData("alive", "--live")]
    public async Task A_service_that_runs_is_exit_code_0(string status, params string[] flags)
    {
        var (exitCode, output, errors) = await RunAsync(["health", .. flags, "--urls", $"http://+:{app.Address.Port}"]);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains($"\"{status}\"", output, StringComparison.Ordinal);
        Assert.Contains(BuildInfo.Version, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_does_not_run_is_a_line_and_exit_code_1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();

        var (exitCode, output, errors) = await RunAsync("health", "--urls", $"http://127.0.0.1:{port}");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"http://127.0.0.1:{port}/health/ready", Assert.Single(errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_that_cannot_be_are_a_line_that_says_what_would_be_right()
    {
        var (exitCode, _, errors) = await RunAsync("health", "--urls", "nonsense");

        Assert.Equal(1, exitCode);
        Assert.Contains("http://localhost:8000", Assert.Single(errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_a_line_with_the_commit()
    {
        var (exitCode, output, _) = await RunAsync("--version");

        Assert.Equal(0, exitCode);
        Assert.Equal($"clientele {BuildInfo.Version}, commit {BuildInfo.Commit}", output.Trim());
        Assert.Matches(@"^\d+\.\d+\.\d+$", BuildInfo.Version);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var input = new StringReader("");
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exitCode = await Cli.RunAsync(arguments, input, output, errors);
        return (exitCode, $"{output}", $"{errors}");
    }
}
