using System.CommandLine;
using Clientele.Server.Operations;

namespace Clientele.Server.Commands;

/// <summary>Checks the stored data against itself.</summary>
internal static class CheckCommand
{
    private const string Description =
        "Recomputes statistics, tiers, balances, memberships and counters, and verifies the audit trail. Exit code 1 if anything differs or was tampered with.";

    public static Command Create(string[] args) => new Command("check", Description).OnDatabase(
        args,
        "Statistics, tiers, points, memberships and counters match the rows, and the audit trail is intact.",
        async (_, services, token) =>
        {
            var check = services.GetRequiredService<Check>();
            var differences = await Progress.RunAsync(
                services, "Customers", (int)await check.CountAsync(token), progress => check.RunAsync(token, progress));
            await services.GetRequiredService<CheckResults>().StoreAsync(check.Counts, token);
            return differences;
        },
        separator: Environment.NewLine);
}
