namespace CommandCenter.Host.LocalPostgres;

internal static class RealPath
{
    /// <summary>The path without symbolic links, as the kernel reports it of a process.</summary>
    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        // As many rounds as the kernel allows links in one path.
        for (var round = 0; round < 40; round++)
        {
            var root = Path.GetPathRoot(full)!;
            var real = root;
            var parts = full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
            var index = Array.FindIndex(parts, part => new FileInfo(real = Path.Combine(real, part)).LinkTarget is not null);
            if (index < 0)
                return full;
            var target = Path.Combine(Path.GetDirectoryName(real)!, new FileInfo(real).LinkTarget!);
            full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine([target, .. parts[(index + 1)..]])));
        }
        throw new LocalPostgresException($"{path} leads through links that do not end.");
    }
}
