using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CommandCenter.EventStore;

/// <summary>Files that are whole or absent, also after a power cut, and readable by this user only.</summary>
public static class DurableFiles
{
    private const int FileExists = 17;
    private const int InvalidArgument = 22;

    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnlyFile | UnixFileMode.UserExecute;

    /// <summary>Creates the folder and those above it, with mode 0700, if they are not there.</summary>
    public static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;

        var parent = Path.GetDirectoryName(folder);
        if (!string.IsNullOrEmpty(parent)) CreateFolder(parent);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnlyFolder);
        if (!string.IsNullOrEmpty(parent)) SyncFolder(parent);
    }

    /// <summary>Writes a file beside its future name and waits until the disk has it.</summary>
    public static string WriteTemporary(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp";
        try
        {
            // Shared, because an exclusive lock would fail against a neighbour that looks for leftovers at this moment.
            using var file = new FileStream(temporary, Options(FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // A full disk is the usual reason: the half file would only make it fuller.
            File.Delete(temporary);
            throw;
        }

        return temporary;
    }

    /// <summary>Writes the whole file or nothing, in place of what was there.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = WriteTemporary(path, content);
        File.Move(temporary, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes the whole file or nothing, in place of what was there, from content that does not fit into memory.</summary>
    public static async Task WriteAsync(string path, Func<FileStream, Task> write)
    {
        var temporary = $"{path}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}.tmp";
        try
        {
            await using (var file = new FileStream(temporary, Options(FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)))
            {
                await write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes the whole file unless there is one; of several writers, in any process, exactly one gets true.</summary>
    public static bool TryWriteFirst(string path, ReadOnlySpan<byte> content)
    {
        var temporary = WriteTemporary(path, content);
        try
        {
            return TryLink(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
            // The loser waits for the disk too: it is about to rely on the winner's file.
            SyncFolder(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Deletes the file if it is there, and waits until the disk knows.</summary>
    public static void Delete(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path)) return;

        File.Delete(path);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>The content, or null when there is no such file.</summary>
    public static async Task<byte[]?> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Options under which a new file is readable by this user only.</summary>
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open) options.UnixCreateMode = OwnerOnlyFile;
        return options;
    }

    /// <summary>Makes renames, new names and deletions in a folder survive a power cut.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;

        var descriptor = Native.Open(folder, 0);
        if (descriptor < 0) throw Failed("open", folder);
        try
        {
            // Some network file systems cannot sync a folder and say EINVAL; they write names through.
            if (Native.FSync(descriptor) < 0 && Marshal.GetLastPInvokeError() != InvalidArgument) throw Failed("sync", folder);
        }
        finally
        {
            _ = Native.Close(descriptor);
        }
    }

    // File.Move without overwrite looks first and renames then, so two processes can both succeed; link cannot.
    private static bool TryLink(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            try
            {
                File.Move(from, to, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(to))
            {
                return false;
            }
        }

        if (Native.Link(from, to) == 0) return true;
        if (Marshal.GetLastPInvokeError() == FileExists) return false;
        throw Failed("link", to);
    }

    private static IOException Failed(string what, string path) =>
        new($"Cannot {what} '{path}': {Marshal.GetLastPInvokeErrorMessage()}.");

    private static class Native
    {
        [DllImport("libc", EntryPoint = "link", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int FSync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int descriptor);
    }
}
