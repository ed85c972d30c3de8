using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;

namespace Clientele.Server.Accounts;

/// <summary>Hashes passwords with Identity's hasher, on dedicated threads and with a short queue, so that a flood of sign-ins cannot starve reads.</summary>
internal sealed class Passwords : IDisposable
{
    public const int Iterations = 220_000;

    /// <summary>The longest wait in the queue. A caller who would wait longer gets an error and can retry.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private const int MostWaitingPerCore = 32;

    private readonly HashingThreads _threads = new();

    // Hashes take much longer than the database work before them. Preparing more at once would not speed up any sign-in: it would only take
    // connections and cores from other requests.
    private readonly SemaphoreSlim _preparing = new(Math.Max(1, Environment.ProcessorCount / 4));

    // If an account does not exist, the password is compared with this hash: the same work, and never a match.
    private readonly Lazy<string> _nobody;
    private readonly IPasswordHasher<Account> _hasher;
    private readonly HashingMeter _meter;
    private readonly IHttpContextAccessor _http;
    private readonly TimeProvider _clock;

    /// <summary>How many places in the queue each network has. It is locked while places are taken or given back.</summary>
    private readonly Dictionary<string, int> _ofNetwork = [];

    /// <summary>How many callers have a place in the queue.</summary>
    private int _taken;

    /// <summary>How long the hashes of a place take, in ticks: an average. The initial value is typical of most machines.</summary>
    private long _duration = TimeSpan.FromMilliseconds(100).Ticks;

    public Passwords(IPasswordHasher<Account> hasher, HashingMeter meter, IHttpContextAccessor http, TimeProvider clock)
    {
        (_hasher, _meter, _http, _clock) = (hasher, meter, http, clock);
        _nobody = new(() => hasher.HashPassword(null!, Guid.NewGuid().ToString()));
        meter.Measure(() => Volatile.Read(ref _taken));
    }

    public static Problem Busy() =>
        Problems.Unavailable("Too many passwords are being checked at once. Try again in two seconds.", (int)LongestWait.TotalSeconds);

    /// <summary>
    /// Takes a place in the queue, before any other work for the caller. Returns null if the wait would be too long. The last quarter of the places is for
    /// callers whose network has less than a quarter of all: one network can never keep everybody else out.
    /// </summary>
    public Place? TryEnter()
    {
        var network = Caller.NetworkOf(_http.HttpContext?.Connection.RemoteIpAddress);
        lock (_ofNetwork)
        {
            var (own, most) = (_ofNetwork.GetValueOrDefault(network), Most);
            if (_taken < most && (_taken < most - (most / 4) || own < most / 4))
            {
                _taken++;
                _ofNetwork[network] = own + 1;
                return new Place(this, network);
            }
        }

        _meter.Refused();
        return null;
    }

    /// <summary>Hashes a password without taking a place in the queue. Requests take a place first; the command line does not need one.</summary>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => Hash(password), static _ => { }, cancellationToken);

    public void Dispose()
    {
        _threads.Dispose();
        _preparing.Dispose();
    }

    private string Hash(string password) => _hasher.HashPassword(null!, Composed(password));

    private int Most
    {
        get
        {
            var waiting = Math.Min(MostWaitingPerCore, LongestWait.Ticks / Math.Max(1, _duration));
            return Environment.ProcessorCount * (1 + (int)waiting);
        }
    }

    /// <param name="network">The caller's network.</param>
    /// <param name="took">How long the caller's hashes took, in ticks: most need one, some two. Zero if the caller needed none.</param>
    private void Leave(string network, long took)
    {
        lock (_ofNetwork)
        {
            // A short time counts more: a long one may only mean that a busy machine ran other threads first.
            _duration += took == 0 ? 0 : (took - _duration) / (took < _duration ? 4 : 16);
            _taken--;
            if (--_ofNetwork[network] == 0)
            {
                _ofNetwork.Remove(network);
            }
        }
    }

    /// <summary>Some keyboards send é as one character and some as two. Both are the same password.</summary>
    private static string Composed(string password) => TextFolding.Normalise(password, NormalizationForm.FormC);

    /// <summary>Earlier releases hashed the password as it was sent. Such a hash still works, and the caller replaces it.</summary>
    private PasswordVerificationResult Verify(string? hash, string password)
    {
        var composed = Composed(password);
        var verified = VerifyForm(hash, composed);
        return verified != PasswordVerificationResult.Failed || composed == password ? verified
            : VerifyForm(hash, password) == PasswordVerificationResult.Failed ? PasswordVerificationResult.Failed
            : PasswordVerificationResult.SuccessRehashNeeded;
    }

    private PasswordVerificationResult VerifyForm(string? hash, string password)
    {
        // Identity's hasher throws on a hash that neither it nor Django wrote, such as a marker for "no password".
        var isDjango = hash is not null && DjangoHasher.IsDjango(hash);
        if (hash is null || (!isDjango && !Base64.IsValid(hash)))
        {
            _hasher.VerifyHashedPassword(null!, _nobody.Value, password);
            return PasswordVerificationResult.Failed;
        }

        if (isDjango)
        {
            return DjangoHasher.Verify(hash, password) ? PasswordVerificationResult.SuccessRehashNeeded : PasswordVerificationResult.Failed;
        }

        return _hasher.VerifyHashedPassword(null!, hash, password);
    }

    /// <summary>If the client disconnects, the wait ends at once. Its task stays in the queue and is skipped when its turn comes.</summary>
    private Task<T> RunAsync<T>(Func<T> work, Action<TimeSpan> took, CancellationToken cancellationToken)
    {
        var queued = _clock.GetTimestamp();
        return Task.Factory.StartNew(
            () => Timed(work, queued, took),
            cancellationToken,
            TaskCreationOptions.DenyChildAttach | TaskCreationOptions.RunContinuationsAsynchronously,
            _threads).WaitAsync(cancellationToken);
    }

    private T Timed<T>(Func<T> work, long queued, Action<TimeSpan> took)
    {
        var started = _clock.GetTimestamp();
        _meter.Waited(_clock.GetElapsedTime(queued, started));
        var result = work();
        took(_clock.GetElapsedTime(started));
        return result;
    }

    /// <summary>A place in the queue. A caller who has one is not turned away later, so every attempt that is counted is also carried out.</summary>
    internal sealed class Place(Passwords passwords, string network) : IDisposable
    {
        private long _took;

        /// <summary>Runs the work before the hash, such as database queries. Only a few callers do so at the same time.</summary>
        public async Task<T> PrepareAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
        {
            await passwords._preparing.WaitAsync(cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                passwords._preparing.Release();
            }
        }

        public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
            passwords.RunAsync(() => passwords.Hash(password), Took, cancellationToken);

        /// <summary>Computes one hash for a password in composed form, otherwise up to two, whether or not the account exists.</summary>
        public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellationToken) =>
            passwords.RunAsync(() => passwords.Verify(hash, password), Took, cancellationToken);

        public void Dispose() => passwords.Leave(network, Interlocked.Read(ref _took));

        private void Took(TimeSpan duration) => Interlocked.Add(ref _took, duration.Ticks);
    }
}
