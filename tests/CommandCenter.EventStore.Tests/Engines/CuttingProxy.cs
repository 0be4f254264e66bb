using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace CommandCenter.EventStore.Tests;

/// <summary>What a line does with what is sent over it.</summary>
internal enum LineMode
{
    Pass,

    /// <summary>Everything comes late.</summary>
    Delay,

    /// <summary>Half open: everything is taken and nothing arrives, and a server learns some seconds later that its client has hung up. A line that lost something stays so until it is cut.</summary>
    Swallow,

    /// <summary>Nobody answers: new lines are refused, those that stand are cut.</summary>
    Refuse,
}

/// <summary>Stands between a log and its server, and cuts the line at the moment that a test asks for.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    // The write batch binds the notification's channel: a length of six and the name.
    private static readonly byte[] WriteBatch = [0, 0, 0, 6, .. "cc_log"u8];
    // By keepalive in life, 19 s as the log sets it; shorter, so that a test is.
    private static readonly TimeSpan ServerNotices = TimeSpan.FromSeconds(4);

    private static readonly byte[] Committed = Encoding.ASCII.GetBytes("COMMIT\0");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _cutBeforeCommit;
    private int _cutAfterCommit;
    private int _cuts;
    private bool _refuseAfterCut;
    private bool _refusing;
    private int _mode;
    private int _accepted;
    private CancellationTokenSource _lines = new();

    public CuttingProxy(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port, SslMode = SslMode.Disable }.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>How often the line was cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>The next writes are swallowed and the line cut: nothing is committed.</summary>
    public void CutBeforeCommit(int times = 1) => Volatile.Write(ref _cutBeforeCommit, times);

    /// <summary>The answer to the next commit is swallowed and the line cut: it stands, and the writer does not know. From then on connections may be refused.</summary>
    public void CutAfterCommit(bool thenRefuse = false)
    {
        _refuseAfterCut = thenRefuse;
        Volatile.Write(ref _cutAfterCommit, 1);
    }

    /// <summary>From now on; lines that stand are cut where nobody is to answer.</summary>
    public void Become(LineMode mode)
    {
        Volatile.Write(ref _mode, (int)mode);
        if (mode == LineMode.Refuse)
            CutAll();
    }

    /// <summary>Returns once another line is asked for.</summary>
    public async Task UntilNewLineAsync(CancellationToken cancellation)
    {
        var before = Volatile.Read(ref _accepted);
        while (Volatile.Read(ref _accepted) == before)
        {
            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Every line that stands is cut, whatever is on its way.</summary>
    public void CutAll() => Interlocked.Exchange(ref _lines, new CancellationTokenSource()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var lines = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                if (Volatile.Read(ref _refusing) || Mode == LineMode.Refuse)
                    client.Dispose();
                else
                    lines.Add(PassAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(lines);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            // Without this the small packets of both sides wait for each other.
            client.NoDelay = server.NoDelay = true;
            try
            {
                await server.ConnectAsync(_server.Host!, _server.Port, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // A server that cannot be reached, or a test that ends: the client sees its line cut.
                return;
            }

            using var cut = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, Volatile.Read(ref _lines).Token);
            var line = new Line();
            await Task.WhenAny(
                PumpAsync(line, client.GetStream(), server.GetStream(), bytes => bytes.IndexOf(WriteBatch) >= 0 && Take(ref _cutBeforeCommit), cut.Token),
                PumpAsync(line, server.GetStream(), client.GetStream(), bytes => bytes.IndexOf(Committed) >= 0 && Take(ref _cutAfterCommit) && Refuse(), cut.Token));
            if (line.IsDead)
                await Task.WhenAny(Task.Delay(ServerNotices, cut.Token));
            await cut.CancelAsync();
        }
    }

    private LineMode Mode => (LineMode)Volatile.Read(ref _mode);

    private bool Refuse()
    {
        Volatile.Write(ref _refusing, _refuseAfterCut);
        return true;
    }

    private bool Take(ref int times)
    {
        if (Volatile.Read(ref times) == 0)
            return false;
        Interlocked.Decrement(ref times);
        Interlocked.Increment(ref _cuts);
        return true;
    }

    private delegate bool CutsAt(ReadOnlySpan<byte> bytes);

    private async Task PumpAsync(Line line, NetworkStream from, NetworkStream to, CutsAt cuts, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReadAsync(buffer, cancellation) is > 0 and var count)
            {
                if (cuts(buffer.AsSpan(0, count)))
                    return;
                line.IsDead |= Mode == LineMode.Swallow;
                if (line.IsDead)
                    continue;
                if (Mode == LineMode.Delay)
                    await Task.Delay(TimeSpan.FromMilliseconds(15), cancellation);
                await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other direction ended the line.
        }
    }

    private sealed class Line
    {
        private int _dead;

        public bool IsDead
        {
            get => Volatile.Read(ref _dead) == 1;
            set => Volatile.Write(ref _dead, value ? 1 : 0);
        }
    }
}
