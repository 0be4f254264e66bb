using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.Host.LocalPostgres;

/// <summary>
/// A PostgreSQL of the host's own, for a town that was given no database. It answers on the loopback address only,
/// lives in the data folder, runs as an unprivileged user, and ends with the host.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string User = "command_center";
    private const string SettingsFile = "command-center.conf";

    private readonly PrivatePostgresOptions _options;
    private readonly ILogger _logger;
    private readonly DataFolderLock _lock;
    private readonly string _cluster;
    private readonly string _password;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _serverTurn = new(1, 1);
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly ServerUser? _user;
    private readonly PostgresBinaries _binaries;
    private int _port;
    private Task _watch = Task.CompletedTask;
    private bool _stopped;
    private volatile bool _exiting;

    private PrivatePostgres(
        PrivatePostgresOptions options, ILogger logger, DataFolderLock heldLock, string cluster, string password, ServerUser? user, PostgresBinaries binaries)
    {
        (_options, _logger, _lock, _cluster, _password, _user, _binaries) = (options, logger, heldLock, cluster, password, user, binaries);
    }

    /// <summary>Opens the town's database as the owner of everything in this server.</summary>
    public string ConnectionString => ConnectionStringTo(_options.Database);

    public int Major => _binaries.Major;

    /// <summary>For example <c>18.4</c>.</summary>
    public string Version => _binaries.Version;

    public int Port => _port;

    /// <summary>The server's first process; 0 when none runs.</summary>
    public int ProcessId => PostmasterFile.Read(_cluster)?.Pid ?? 0;

    /// <summary>True when the server of a host that died was still running and was taken over.</summary>
    public bool Adopted { get; private set; }

    /// <summary>Starts the server of the data folder, making an empty one at the first start.</summary>
    /// <exception cref="LocalPostgresException">It cannot be started; the message says what to do.</exception>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, ILogger logger, CancellationToken cancellation = default)
    {
        options = options with { DataFolder = MakeDataFolder(options.DataFolder) };
        var heldLock = DataFolderLock.Take(options.DataFolder);
        PrivatePostgres? server = null;
        try
        {
            var existing = ExistingCluster(options.DataFolder);
            var user = await ServerUser.ForAsync(existing?.Folder, cancellation);
            await LetReachAsync(user, options.DataFolder, cancellation);
            var binaries = await PostgresBinaries.FindAsync(options, user, existing?.Major, cancellation);
            var cluster = existing?.Folder ?? Path.Combine(options.DataFolder, $"postgres-{binaries.Major}");
            server = new PrivatePostgres(options, logger, heldLock, cluster, Password(options.DataFolder, existing is not null), user, binaries);
            await server.BeginAsync(existing is null, cancellation);
            return server;
        }
        catch (Exception error)
        {
            if (server is not null)
                await server.DisposeAsync();
            else
                heldLock.Dispose();
            if (server is { _exiting: true })
                // A signal ends this process in a moment; an exception thrown meanwhile would look like a crash.
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            if (error is UnauthorizedAccessException or IOException)
                throw new LocalPostgresException($"The data folder {options.DataFolder} cannot be used: {error.Message}", error);
            throw;
        }
    }

    /// <summary>How to reach the server that a living host runs in the data folder; null when none does.</summary>
    public static string? ConnectionStringOfRunning(PrivatePostgresOptions options)
    {
        if (!Directory.Exists(options.DataFolder))
            return null;
        var folder = RealPath.Of(options.DataFolder);
        using (var free = DataFolderLock.TryTake(folder, out _))
            if (free is not null)
                return null;
        return ExistingCluster(folder) is { } cluster && PostmasterFile.Read(cluster.Folder) is { IsAlive: true } server
            ? ConnectionStringTo(options.Database, server.Port, Password(folder, townExists: true))
            : null;
    }

    /// <summary>
    /// Stops whatever server runs in a data folder and deletes the folder. False when a living host holds it.
    /// </summary>
    public static async Task<bool> TryRemoveAsync(string dataFolder)
    {
        dataFolder = RealPath.Of(dataFolder);
        // Another process may be clearing the same folder: whoever comes second finds parts of it gone, and looks again.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return !Directory.Exists(dataFolder) || await StopAndDeleteAsync(dataFolder);
            }
            catch (IOException) when (attempt < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private static async Task<bool> StopAndDeleteAsync(string dataFolder)
    {
        using (var heldLock = DataFolderLock.TryTake(dataFolder, out _))
        {
            if (heldLock is null)
                return false;
            foreach (var cluster in Directory.GetDirectories(dataFolder, "postgres-*"))
            {
                var server = PostmasterFile.Read(cluster);
                if (server is { IsAlive: true })
                    await SignalAsync("QUIT", [server.Pid]);
                await WaitForProcessesToLeaveAsync(cluster, TimeSpan.FromSeconds(10), CancellationToken.None);
            }
        }
        Directory.Delete(dataFolder, recursive: true);
        return true;
    }

    /// <summary>
    /// Leaves Ctrl-C and SIGTERM to the application, which has handlers of its own. Disposal stops the server, so that everything that still
    /// has something to write can be disposed before it.
    /// </summary>
    public void EndWith(IHostApplicationLifetime lifetime)
    {
        ReleaseSignals();
        // The application leaves a closed terminal to the system, which would end it and not the server.
        lock (_signals)
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                lifetime.StopApplication();
            }));
    }

    /// <summary>Opens another database of this server.</summary>
    public string ConnectionStringTo(string database) => ConnectionStringTo(database, _port, _password);

    private static string ConnectionStringTo(string database, int port, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = User,
        Password = password,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watch;
        await _serverTurn.WaitAsync();
        try
        {
            if (_stopped)
                return;
            _stopped = true;
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
            await StopServerAsync();
        }
        finally
        {
            if (_stopped)
                _lock.Dispose();
            _serverTurn.Release();
            ReleaseSignals();
        }
    }

    private async Task BeginAsync(bool firstStart, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ending.Token);
        // Until the application has its own handlers, Ctrl-C would end this process and leave the server behind.
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;

        await _serverTurn.WaitAsync(ended.Token);
        try
        {
            if (firstStart)
                await MakeClusterAsync(ended.Token);
            Adopted = await AdoptAsync(ended.Token);
            if (!Adopted)
                await StartServerAsync(FreePort(), ended.Token);
            await MakeDatabaseAsync(ended.Token);
        }
        catch (Exception error) when (error is NpgsqlException or SocketException)
        {
            throw new LocalPostgresException($"PostgreSQL {Version} in {_cluster} started but does not answer: {error.Message}", error);
        }
        finally
        {
            _serverTurn.Release();
        }
        _logger.LogInformation("PostgreSQL {Version} from {Folder} {Verb} on 127.0.0.1:{Port}; its data is in {Cluster}",
            Version, _binaries.Folder, Adopted ? "was still running and is taken over" : "runs", _port, _cluster);
        _watch = Task.Run(WatchAsync, CancellationToken.None);
    }

    private static string MakeDataFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                return RealPath.Of(Directory.CreateDirectory(folder).FullName);
            if (!Directory.Exists(folder))
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return RealPath.Of(folder);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new LocalPostgresException(
                $"The data folder {folder} cannot be made: {error.Message}. Set CommandCenter__DataFolder to a folder that this user may write.", error);
        }
    }

    /// <summary>The newest cluster is the town: an older one beside it is what an upgrade left behind.</summary>
    private static (string Folder, int Major)? ExistingCluster(string dataFolder)
    {
        (string Folder, int Major)? newest = null;
        foreach (var folder in Directory.GetDirectories(dataFolder, "postgres-*"))
            if (int.TryParse(Path.GetFileName(folder)["postgres-".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
                && File.Exists(Path.Combine(folder, "PG_VERSION"))
                && (newest is null || major > newest.Value.Major))
                newest = (folder, major);
        return newest;
    }

    private static async Task LetReachAsync(ServerUser? user, string dataFolder, CancellationToken cancellation)
    {
        if (user is null || OperatingSystem.IsWindows())
            return;
        // Passing through is enough: the server's user sees its own folder and no list of the others.
        var mode = File.GetUnixFileMode(dataFolder);
        if (!mode.HasFlag(UnixFileMode.OtherExecute))
            File.SetUnixFileMode(dataFolder, mode | UnixFileMode.OtherExecute);
        if ((await ServerProgram.RunAsync(user, "test", ["-x", dataFolder], "/", cancellation)).ExitCode != 0)
            throw new LocalPostgresException(
                $"The user {user.Name}, as whom PostgreSQL runs when the host is root, cannot reach {dataFolder}. " +
                "Allow passing through the folders above it (chmod o+x), or set CommandCenter__DataFolder to another folder.");
    }

    private static string Password(string dataFolder, bool townExists)
    {
        var file = Path.Combine(dataFolder, "postgres-password");
        // An empty file is what a crash may leave of a first start: no server knows a password from it.
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } known)
            return known;
        if (townExists)
            throw new LocalPostgresException(
                $"{file} is {(File.Exists(file) ? "empty" : "missing")}, but the town's database beside it still asks for that password. Put the file back from the backup of this folder.");
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        DurableFiles.Write(file, Encoding.ASCII.GetBytes(password));
        return password;
    }

    private static void WriteSecret(string file, string secret)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.Write(secret);
    }

    private async Task MakeClusterAsync(CancellationToken cancellation)
    {
        _logger.LogInformation("First start: making a database with PostgreSQL {Version} in {Cluster}", Version, _cluster);
        // Made aside and renamed, so that a start cut short leaves no half-made town.
        var unfinished = Path.Combine(_options.DataFolder, "unfinished");
        var passwordFile = Path.Combine(_options.DataFolder, "unfinished-password");
        var result = await InitializeAsync("C.UTF-8");
        if (result.ExitCode != 0 && result.Output.Contains("locale", StringComparison.Ordinal))
            result = await InitializeAsync("C");
        if (result.ExitCode != 0)
            throw new LocalPostgresException($"PostgreSQL {Version} could not make a database in {_options.DataFolder}: {result.Output.Trim()}");
        await File.AppendAllTextAsync(Path.Combine(unfinished, "postgresql.conf"), $"\ninclude_if_exists = '{SettingsFile}'\n", cancellation);
        Directory.Move(unfinished, _cluster);

        async Task<ProgramResult> InitializeAsync(string locale)
        {
            if (Directory.Exists(unfinished))
                Directory.Delete(unfinished, recursive: true);
            File.Delete(passwordFile);
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(unfinished);
            else
                Directory.CreateDirectory(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            WriteSecret(passwordFile, _password);
            try
            {
                await GiveToServerAsync(unfinished, cancellation);
                await GiveToServerAsync(passwordFile, cancellation);
                string[] arguments =
                [
                    "-D", unfinished, "-U", User, $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                    "--encoding=UTF8", $"--locale={locale}", "--data-checksums",
                ];
                return await RunAsync("initdb", _options.Throwaway ? [.. arguments, "--no-sync"] : arguments, cancellation);
            }
            finally
            {
                File.Delete(passwordFile);
            }
        }
    }

    /// <summary>Takes over the server that a killed host left running; clears what a killed server left behind.</summary>
    private async Task<bool> AdoptAsync(CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        while (PostmasterFile.Read(_cluster) is { IsAlive: true } running)
        {
            if (waited.Elapsed > _options.StartTimeout)
                throw new LocalPostgresException(
                    $"A PostgreSQL (process {running.Pid}) runs in {_cluster} but does not answer on port {running.Port}. " +
                    $"Look at {LogFile}, stop it (kill -INT {running.Pid}) and start again.");
            _port = running.Port;
            if (await IsOursAsync(running, cancellation) is not { } version)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
                continue;
            }
            if (version == Version)
                return true;
            _logger.LogInformation("PostgreSQL {Old} still runs in {Cluster}; it is stopped in favour of {New}", version, _cluster, Version);
            await StopServerAsync();
        }
        await ClearAfterCrashAsync(cancellation);
        return false;
    }

    /// <summary>The version of the server, when it is the one that wrote the file in our folder and is ready.</summary>
    private async Task<string?> IsOursAsync(PostmasterFile running, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(MaintenanceConnectionString());
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand(
                $"select pg_read_file('{PostmasterFile.Name}'), split_part(current_setting('server_version'), ' ', 1)", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            // The same content proves the same folder, whatever links lead to it.
            return reader.GetString(0) == running.Text ? reader.GetString(1) : null;
        }
        catch (Exception error) when (error is NpgsqlException or SocketException or TimeoutException)
        {
            _logger.LogDebug(error, "PostgreSQL {Pid} does not answer yet", running.Pid);
            return null;
        }
    }

    private async Task ClearAfterCrashAsync(CancellationToken cancellation)
    {
        if (PostmasterFile.Read(_cluster) is not { } left)
            return;
        _logger.LogWarning("PostgreSQL (process {Pid}) did not end in good order; it recovers now", left.Pid);
        if (!OperatingSystem.IsLinux())
            return;
        var lingering = await WaitForProcessesToLeaveAsync(_cluster, _options.StopTimeout, cancellation);
        if (lingering.Count > 0)
            throw new LocalPostgresException(
                $"Processes of a dead PostgreSQL still work in {_cluster}: {string.Join(", ", lingering)}. End them (kill) and start again.");
        // With nobody left in the folder the file is only a name, perhaps one that another program bears by now.
        File.Delete(Path.Combine(_cluster, PostmasterFile.Name));
    }

    private static async Task<IReadOnlyList<int>> WaitForProcessesToLeaveAsync(string cluster, TimeSpan patience, CancellationToken cancellation)
    {
        var waited = Stopwatch.StartNew();
        var asked = false;
        IReadOnlyList<int> lingering;
        while ((lingering = PostmasterFile.ProcessesOf(cluster)).Count > 0 && waited.Elapsed < patience)
        {
            // They end by themselves unless in the midst of a long statement, whose client is gone.
            if (!asked && waited.Elapsed > TimeSpan.FromSeconds(2))
            {
                asked = true;
                await SignalAsync("TERM", lingering);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
        return lingering;
    }

    private static Task<ProgramResult> SignalAsync(string signal, IEnumerable<int> processes) => ServerProgram.RunAsync(
        null, "kill", [$"-{signal}", .. processes.Select(p => p.ToString(CultureInfo.InvariantCulture))], "/", CancellationToken.None);

    private async Task StartServerAsync(int port, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            _port = port;
            await WriteSettingsAsync(cancellation);
            await GiveToServerAsync(_cluster, cancellation);
            await RotateLogAsync(cancellation);
            ProgramResult result;
            try
            {
                result = await RunAsync("pg_ctl",
                    ["start", "-w", "-s", "-t", Seconds(_options.StartTimeout), "-D", _cluster, "-l", LogFile], CancellationToken.None).WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                // The server it had begun must show itself first, or stopping would miss it.
                for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(2) && PostmasterFile.Read(_cluster) is not { IsAlive: true };)
                    await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
                throw;
            }
            if (result.ExitCode == 0)
                return;
            var log = LogTail();
            if (attempt < 5 && log.Contains("could not bind", StringComparison.Ordinal))
            {
                // Somebody took the port between our look and the server's start.
                port = FreePort();
                continue;
            }
            throw new LocalPostgresException(
                $"PostgreSQL {Version} did not start in {_cluster}: {result.Output.Trim()}\n{LogFile} ends with:\n{log}");
        }
    }

    private async Task WriteSettingsAsync(CancellationToken cancellation)
    {
        var (durable, naptime) = _options.Throwaway ? ("off", "10min") : ("on", "15s");
        await File.WriteAllTextAsync(Path.Combine(_cluster, SettingsFile), $"""
            # Written by the host at every start: changes belong in postgresql.auto.conf (ALTER SYSTEM).
            listen_addresses = '127.0.0.1'
            port = {_port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_directories = ''
            password_encryption = 'scram-sha-256'
            max_connections = 200
            shared_buffers = '256MB'
            fsync = {durable}
            synchronous_commit = {durable}
            full_page_writes = {durable}
            max_wal_size = '1GB'
            # Queues are swept four times a minute: their dead rows stand where the next claim begins to read.
            # On a throwaway server hundreds of databases come and go, and a sweep of each would never end.
            autovacuum_naptime = '{naptime}'
            # A client that vanished is noticed, also while it waits for a lock.
            client_connection_check_interval = '5s'
            timezone = 'UTC'
            log_timezone = 'UTC'
            lc_messages = 'C'
            log_min_messages = 'warning'
            log_line_prefix = '%m [%p] '

            """, cancellation);
    }

    private async Task MakeDatabaseAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(MaintenanceConnectionString());
        await connection.OpenAsync(cancellation);
        await using var look = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = _options.Database } } };
        if (await look.ExecuteScalarAsync(cancellation) is not null)
            return;
        await using var make = new NpgsqlCommand($"create database \"{_options.Database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
        await make.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A town must not lose its board until somebody restarts the host because the server alone was killed.</summary>
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_ending.Token);
                if (PostmasterFile.Read(_cluster) is { IsAlive: true })
                    continue;
                await _serverTurn.WaitAsync(_ending.Token);
                try
                {
                    _logger.LogError("PostgreSQL in {Cluster} ended unasked; it is started again", _cluster);
                    await ClearAfterCrashAsync(_ending.Token);
                    await StartServerAsync(_port, _ending.Token);
                    _logger.LogInformation("PostgreSQL in {Cluster} runs again on port {Port}", _cluster, _port);
                }
                finally
                {
                    _serverTurn.Release();
                }
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is LocalPostgresException or IOException or UnauthorizedAccessException)
            {
                _logger.LogCritical(error, "PostgreSQL in {Cluster} cannot be started again; trying on", _cluster);
            }
        }
    }

    private async Task StopServerAsync()
    {
        if (PostmasterFile.Read(_cluster) is not { IsAlive: true })
            return;
        // What is thrown away need not be written out first.
        var result = await RunAsync("pg_ctl",
            ["stop", "-w", "-s", "-m", _options.Throwaway ? "immediate" : "fast", "-t", Seconds(_options.StopTimeout), "-D", _cluster], CancellationToken.None);
        if (result.ExitCode != 0 && PostmasterFile.Read(_cluster) is { IsAlive: true })
        {
            _logger.LogError("PostgreSQL did not stop in {Time}: {Output}; it is stopped at once and will recover at the next start",
                _options.StopTimeout, result.Output.Trim());
            result = await RunAsync("pg_ctl", ["stop", "-w", "-s", "-m", "immediate", "-D", _cluster], CancellationToken.None);
        }
        if (result.ExitCode != 0 && PostmasterFile.Read(_cluster) is { IsAlive: true } running)
            _logger.LogCritical("PostgreSQL (process {Pid}) cannot be stopped: {Output}", running.Pid, result.Output.Trim());
        else
            _logger.LogInformation("PostgreSQL in {Cluster} stopped", _cluster);
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _exiting = true;
        StopNow();
        Environment.Exit(context.Signal switch
        {
            PosixSignal.SIGHUP => 129,
            PosixSignal.SIGINT => 130,
            PosixSignal.SIGQUIT => 131,
            _ => 143,
        });
    }

    private void OnProcessExit(object? sender, EventArgs args) => StopNow();

    private void StopNow() => Task.Run(async () => await DisposeAsync()).GetAwaiter().GetResult();

    private void ReleaseSignals()
    {
        lock (_signals)
        {
            foreach (var signal in _signals)
                signal.Dispose();
            _signals.Clear();
        }
    }

    private string LogFile => Path.Combine(_options.DataFolder, $"postgres-{Major}.log");

    /// <summary>The file is made by the host because the server's user may not make any in the data folder.</summary>
    private async Task RotateLogAsync(CancellationToken cancellation)
    {
        if (new FileInfo(LogFile) is { Exists: true, Length: > 10_000_000 })
            File.Move(LogFile, LogFile + ".1", overwrite: true);
        if (!File.Exists(LogFile))
            await File.WriteAllTextAsync(LogFile, "", cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(LogFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await GiveToServerAsync(LogFile, cancellation);
    }

    private string LogTail() => File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(15)) : "(no log)";

    private async Task GiveToServerAsync(string path, CancellationToken cancellation)
    {
        if (_user is null)
            return;
        var result = await ServerProgram.RunAsync(null, "chown", ["-R", $"{_user.Uid}:{_user.Gid}", path], "/", cancellation);
        if (result.ExitCode != 0)
            throw new LocalPostgresException($"{path} cannot be given to the user {_user.Name}, as whom PostgreSQL runs: {result.Output.Trim()}");
    }

    private Task<ProgramResult> RunAsync(string program, string[] arguments, CancellationToken cancellation) =>
        ServerProgram.RunAsync(_user, Path.Combine(_binaries.Folder, program), arguments, _options.DataFolder, cancellation);

    private string MaintenanceConnectionString() =>
        new NpgsqlConnectionStringBuilder(ConnectionStringTo("postgres")) { Pooling = false, Timeout = 5 }.ConnectionString;

    private static string Seconds(TimeSpan time) => Math.Max(1, (int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
