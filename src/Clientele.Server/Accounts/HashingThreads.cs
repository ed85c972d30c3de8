using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Clientele.Server.Accounts;

/// <summary>Dedicated threads for password hashes: one per core, with a priority below all other threads.</summary>
internal sealed partial class HashingThreads : TaskScheduler, IDisposable
{
    /// <summary>Leaves a hashing thread about a tenth of a core while other threads are busy.</summary>
    private const int NicerBy = 10;

    private readonly BlockingCollection<Task> _queue = [];
    private readonly Thread[] _threads;

    public HashingThreads()
    {
        _threads = new Thread[MaximumConcurrencyLevel];
        for (var i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new(Work) { IsBackground = true, Name = "Hashing", Priority = ThreadPriority.BelowNormal };
            _threads[i].Start();
        }
    }

    public override int MaximumConcurrencyLevel => Environment.ProcessorCount;

    /// <summary>Ends the threads after they have processed the queue.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        foreach (var thread in _threads)
        {
            thread.Join();
        }

        _queue.Dispose();
    }

    protected override void QueueTask(Task task) => _queue.Add(task);

    /// <summary>Never runs a task on the calling thread, because that one serves requests.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _queue;

    private void Work()
    {
        if (OperatingSystem.IsLinux())
        {
            // .NET ignores Thread.Priority on Linux. There a nice value belongs to a thread; this call sets it for the current one.
            _ = NativeMethods.Nice(NicerBy);
        }

        // This skips a task that was cancelled while it waited.
        foreach (var task in _queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }

    private static partial class NativeMethods
    {
        [LibraryImport("libc", EntryPoint = "nice")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int Nice(int by);
    }
}
