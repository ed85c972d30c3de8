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
        nameof(Loyalty.KillingTheLedger), nameof(House.StartingNodes), nameof(Segments.KillingTheWorker), nameof(House.SurvivingCrashes),
        nameof(Loyalty.RevisingOrdersThatExpire), nameof(Accounts.EncryptingTheKeyRing), nameof(House.BrowsingTheDocumentation),
        nameof(House.PointingAtFolders), nameof(House.RunningVerbs), nameof(House.UpgradingData), nameof(House.SendingHostileBodies),
    ];

    /// <summary>The others keep the order of the runner, which a seed shuffles.</summary>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderByDescending(IsExpensive)];

    private static bool IsExpensive<TTestCollection>(TTestCollection collection) where TTestCollection : ITestCollection =>
        Expensive.Any(name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal));
}
