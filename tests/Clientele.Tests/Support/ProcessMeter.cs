using System.Buffers.Binary;
using System.Net.Sockets;
using Clientele.Tests.Support;

namespace Clientele.Tests.Support
{
    /// <summary>
    /// Measures what a server process has used so far: CPU time and allocated bytes. The runtime loads this assembly into the process as a startup
    /// hook; a thread there answers through a socket. The server itself contains nothing of this.
    /// </summary>
    public sealed class ProcessMeter
    {
        private const string SocketVariable = "CLIENTELE_TEST_METER";
        private const int Reading = 2 * sizeof(long);

        private readonly UnixDomainSocketEndPoint _endPoint;

        public ProcessMeter()
        {
            var path = Path.Combine(Path.GetTempPath(), $"meter-{Guid.NewGuid():N}");
            _endPoint = new UnixDomainSocketEndPoint(path);
            Environment = new() { [SocketVariable] = path, ["DOTNET_STARTUP_HOOKS"] = typeof(ProcessMeter).Assembly.Location };
        }

        /// <summary>The environment variables that the process needs.</summary>
        public Dictionary<string, string> Environment { get; }

        public async Task<Usage> ReadAsync(CancellationToken cancellationToken)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(_endPoint, cancellationToken);
            var answer = new byte[Reading];
            await using var stream = new NetworkStream(socket);
            await stream.ReadExactlyAsync(answer, cancellationToken);
            return new(TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(answer)), BinaryPrimitives.ReadInt64LittleEndian(answer.AsSpan(sizeof(long))));
        }

        /// <summary>Runs in the server process: answers until the process ends.</summary>
        internal static void Serve()
        {
            if (System.Environment.GetEnvironmentVariable(SocketVariable) is not { } path)
            {
                return;
            }

            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            new Thread(() => Answer(listener)) { IsBackground = true }.Start();
        }

        private static void Answer(Socket listener)
        {
            var answer = new byte[Reading];
            while (true)
            {
                using var asking = listener.Accept();
                BinaryPrimitives.WriteInt64LittleEndian(answer, System.Environment.CpuUsage.TotalTime.Ticks);
                BinaryPrimitives.WriteInt64LittleEndian(answer.AsSpan(sizeof(long)), GC.GetTotalAllocatedBytes(precise: true));
                asking.Send(answer);
            }
        }
    }

    public readonly record struct Usage(TimeSpan Cpu, long Allocated)
    {
        public Usage Since(Usage before) => new(Cpu - before.Cpu, Allocated - before.Allocated);
    }
}

/// <summary>The runtime requires this name.</summary>
#pragma warning disable CA1050, S3903
internal static class StartupHook
#pragma warning restore CA1050, S3903
{
    public static void Initialize() => ProcessMeter.Serve();
}
