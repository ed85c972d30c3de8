using System.Text.RegularExpressions;
using Clientele.Server;
using Clientele.Server.Operations;
using Clientele.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Clientele.Tests.Operations;

/// <summary>Files that run elsewhere name things of ours: settings, commands, headings. A typing error there shows only when something is on fire.</summary>
[Trait("Database", "Any")]
public sealed partial class ReadingDeployFiles
{
    [Fact]
    public void Every_alert_says_what_to_do_under_a_heading_that_exists()
    {
        var rules = AlertRule.All();
        var headings = Heading().Matches(Repository.Read("docs/operating.md")).Select(match => Anchor(match.Groups["text"].Value)).ToHashSet();

        Assert.InRange(rules.Count, 10, 20);
        Assert.Distinct(rules.Select(rule => rule.Name));
        Assert.All(rules, rule => Assert.Contains(rule.Severity, (string[])["page", "ticket"]));
        Assert.All(rules, rule => Assert.NotEmpty(rule.Summary));
        Assert.All(rules, rule => Assert.StartsWith("docs/operating.md#", rule.Runbook, StringComparison.Ordinal));
        Assert.Empty(rules.Select(rule => rule.Runbook.Split('#')[1]).Except(headings));
    }

    [Fact]
    public async Task Every_setting_in_them_exists()
    {
        await using var built = App.Build([], quiet: true);
        var known = Settings.All(built.Services).Select(setting => setting.Name).Append("Database").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var compose = Deployed.Yaml("compose.yaml").Map("services");
        var named = compose.Children.Values.Cast<YamlMappingNode>()
            .Where(service => service.Has("environment") && service.Text("image") == "clientele:local")
            .SelectMany(service => service.Map("environment").Children.Keys.Select(key => ((YamlScalarNode)key).Value!))
            .Concat(Target().Matches(Deployed.Read("compose.yaml")).Select(match => match.Groups["name"].Value))
            .Concat(Variable().Matches(Deployed.Read("clientele.service")).Select(match => match.Groups["name"].Value))
            .Concat(Constant().Matches(Deployed.Read("Dockerfile")).Select(match => match.Groups["name"].Value))
            .Where(name => !Framework().IsMatch(name))
            .Select(name => Number().Replace(name.Replace("__", ":", StringComparison.Ordinal), ":0"))
            .ToHashSet();

        Assert.Superset(new HashSet<string> { "Database", "Secrets:Directory", "Telemetry:MetricsToken", "Urls" }, named);
        Assert.Empty(named.Except(known, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_container_is_read_only_and_proves_its_health_and_its_secrets_are_files()
    {
        var compose = Deployed.Yaml("compose.yaml");
        var services = compose.Map("services").Children
            .ToDictionary(service => ((YamlScalarNode)service.Key).Value!, service => (YamlMappingNode)service.Value);

        Assert.Equal(["migrate", "node-1", "node-2", "pgbouncer", "postgres"], services.Keys.Order(StringComparer.Ordinal));
        Assert.All(services.Values, service => Assert.Equal("true", service.Text("read_only")));
        Assert.All(services.Values, service => Assert.True(service.Has("healthcheck")));
        Assert.Equal(["CMD", "/app/clientele", "health"], services["node-1"].Map("healthcheck").Texts("test"));
        Assert.DoesNotMatch(@"(?i)password\s*[:=]\s*[a-z0-9]+\s*$", Deployed.Read("compose.yaml"));
        var made = Deployed.Read("compose/make-secrets");
        Assert.All(
            compose.Map("secrets").Children.Values.Cast<YamlMappingNode>(),
            secret => Assert.Contains($"keep {Path.GetFileName(secret.Text("file"))} ", made, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_that_they_mount_or_run_exists()
    {
        var files = Mounted().Matches(Deployed.Read("compose.yaml")).Select(match => match.Groups["file"].Value).ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Repository.Root, "deploy", file)), file));
        Assert.Contains("bin/publish", Deployed.Read("Dockerfile"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "bin/publish")));
    }

    [Fact]
    public void The_image_has_no_shell_and_its_user_is_not_root()
    {
        var lines = Deployed.Read("Dockerfile").Split('\n');

        Assert.EndsWith("-chiseled-extra", lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("USER $APP_UID", lines);
        Assert.EndsWith(
            """CMD ["/app/clientele", "health", "--live"]""",
            Assert.Single(lines, line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    /// <summary>As GitHub does.</summary>
    private static string Anchor(string heading) =>
#pragma warning disable CA1308 // Anchors are in lower case.
        NotInAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');
#pragma warning restore CA1308

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^ +target: (?<name>\w+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Target();

    [GeneratedRegex("^(Environment|LoadCredential)=(?<name>[A-Za-z0-9_]+)[=:]", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(ENV|   ) (?<name>[A-Za-z0-9_]+)=", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Constant();

    [GeneratedRegex("^(ASPNETCORE|DOTNET|XDG)_")]
    private static partial Regex Framework();

    [GeneratedRegex(@":\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"[ ""]\./(?<file>compose/[a-z.]+):/", RegexOptions.ExplicitCapture)]
    private static partial Regex Mounted();
}
