using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Clientele.Server.Accounts;

/// <summary>Threads of their own for password hashes, as many as there are cores, at a priority below everything else.</summary>
internal sealed partial class HashingThreads : TaskScheduler, IDisposable
{
    /// <summary>A tenth of a core's time, where others want all of it.</summary>
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

    /// <summary>Ends the threads once what they are computing is done.</summary>
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

    /// <summary>Never on the thread that asks: that one serves requests.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _queue;

    private void Work()
    {
        if (OperatingSystem.IsLinux())
        {
            // .NET does nothing with Thread.Priority on Linux. There the nice value is the thread's own, and this is the thread that calls.
            _ = NativeMethods.Nice(NicerBy);
        }

        // A task that was cancelled while it waited is passed over here.
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
