using Clientele.Tests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(ExpensiveFirst))]

namespace Clientele.Tests.Support;

/// <summary>Starts the classes that take longest first. One that starts last would run alone, and the other threads would wait for it.</summary>
public sealed class ExpensiveFirst : ITestCollectionOrderer
{
    private static readonly string[] Expensive =
    [
        nameof(Operations.ReadingFromAReplica), nameof(ConsoleApp.OpeningEveryDialog), nameof(ConsoleApp.LookingAtEveryPage),
        nameof(Loyalty.KillingTheLedger), nameof(House.UpgradingData), nameof(House.StartingNodes), nameof(ConsoleApp.SigningInToTheConsole),
        nameof(ConsoleApp.HelpingACustomer), nameof(ConsoleApp.RunningACampaign), nameof(Segments.KillingTheWorker), nameof(House.SurvivingCrashes),
        nameof(Bulk.SharingBulkJobs), nameof(Loyalty.RevisingOrdersThatExpire), nameof(House.SendingHostileBodies), nameof(House.FuzzingTheApi),
        nameof(Accounts.EncryptingTheKeyRing), nameof(House.BrowsingTheDocumentation), nameof(House.PointingAtFolders), nameof(House.RunningVerbs),
        nameof(House.CountingStatements),
    ];

    /// <summary>The others keep the order of the runner, which a seed shuffles.</summary>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection) where TTestCollection : ITestCollection =>
        Array.FindIndex(Expensive, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)) is var place and >= 0
            ? place
            : Expensive.Length;
}
