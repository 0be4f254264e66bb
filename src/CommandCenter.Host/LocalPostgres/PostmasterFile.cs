using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CommandCenter.Host.LocalPostgres;

/// <summary>What a server wrote into <c>postmaster.pid</c>, and whether its processes still live.</summary>
internal sealed record PostmasterFile(string Cluster, int Pid, int Port, string Text)
{
    public const string Name = "postmaster.pid";

    /// <summary>Null when no server left one.</summary>
    public static PostmasterFile? Read(string cluster)
    {
        string text;
        try
        {
            text = File.ReadAllText(Path.Combine(cluster, Name));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        var lines = text.Split('\n');
        return new PostmasterFile(cluster, Number(lines, 0), Number(lines, 3), text);
    }

    /// <summary>A number that now belongs to another program, or to a dead process nobody reaped, is no server.</summary>
    public bool IsAlive
    {
        get
        {
            if (Pid <= 0)
                return false;
            if (OperatingSystem.IsLinux())
                return NameAndState(Pid) is ("postgres", not ('Z' or 'X')) && WorksIn(Pid, Cluster);
            try
            {
                using var process = Process.GetProcessById(Pid);
                return !process.HasExited && process.ProcessName.StartsWith("postgres", StringComparison.OrdinalIgnoreCase);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>Every server process of the cluster works in its folder; after a killed postmaster some linger.</summary>
    public static IReadOnlyList<int> ProcessesOf(string cluster)
    {
        if (!OperatingSystem.IsLinux())
            return [];
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && NameAndState(pid) is ("postgres", not ('Z' or 'X')) && WorksIn(pid, cluster))
                found.Add(pid);
        return found;
    }

    private static bool WorksIn(int pid, string cluster)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/cwd").LinkTarget == cluster;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that has just ended.
            return false;
        }
    }

    private static (string Name, char State)? NameAndState(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var (open, close) = (stat.IndexOf('('), stat.LastIndexOf(')'));
            return (stat[(open + 1)..close], stat[close + 2]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string[] lines, int index) =>
        index < lines.Length && int.TryParse(lines[index], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
