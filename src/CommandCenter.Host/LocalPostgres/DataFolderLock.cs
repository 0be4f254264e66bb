using System.Diagnostics;
using System.Globalization;

namespace CommandCenter.Host.LocalPostgres;

/// <summary>One host per data folder. The operating system drops the lock when its holder dies, however it dies.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _holderFile;

    private DataFolderLock(FileStream heldLock, string holderFile) => (_lock, _holderFile) = (heldLock, holderFile);

    public static DataFolderLock Take(string dataFolder) => TryTake(dataFolder, out var holder)
        ?? throw new LocalPostgresException(
            $"The data folder {dataFolder} is in use by {holder}. One host at a time may use a data folder: stop that one, " +
            "or give this one another folder by CommandCenter__DataFolder, " +
            "or give both the same database by ConnectionStrings__CommandCenter.");

    public static DataFolderLock? TryTake(string dataFolder, out string holder)
    {
        // Two files, because on Windows nobody else can read a locked one.
        var holderFile = Path.Combine(dataFolder, "host.pid");
        holder = "";
        FileStream stream;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            // Whoever can open the file can hold the lock, so nobody else may open it.
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            stream = new FileStream(Path.Combine(dataFolder, "host.lock"), options);
        }
        catch (IOException error) when (IsHeld(error))
        {
            holder = Describe(holderFile);
            return null;
        }
        catch (IOException error)
        {
            throw new LocalPostgresException(
                $"The data folder {dataFolder} cannot be written: {error.Message}. Set CommandCenter__DataFolder to another folder.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new LocalPostgresException(
                $"The data folder {dataFolder} belongs to another user ({error.Message}). " +
                "Start the host as that user, or set CommandCenter__DataFolder to a folder of your own.", error);
        }
        using var self = Process.GetCurrentProcess();
        File.WriteAllText(holderFile, string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessId}\n{self.ProcessName}\n{self.StartTime.ToUniversalTime():yyyy-MM-dd HH:mm:ss}Z\n"));
        return new DataFolderLock(stream, holderFile);
    }

    /// <summary>EWOULDBLOCK of Linux, of macOS, and the sharing violation of Windows.</summary>
    private static bool IsHeld(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);

    private static string Describe(string holderFile)
    {
        try
        {
            if (File.ReadAllLines(holderFile) is [var pid, var name, var since, ..])
                return $"process {pid} ({name}, running since {since})";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"a process that left no name ({error.Message})";
        }
        return "a process that left no name";
    }

    public void Dispose()
    {
        File.Delete(_holderFile);
        _lock.Dispose();
    }
}
