namespace CommandCenter.Host.LocalPostgres;

/// <summary>Where programs of PostgreSQL are looked for when no folder is configured.</summary>
[Flags]
public enum PostgresSources
{
    None = 0,
    /// <summary>The npm package under <c>ops/postgres</c>.</summary>
    Npm = 1,
    /// <summary><c>/usr/lib/postgresql/&lt;major&gt;/bin</c>, newest first.</summary>
    Debian = 2,
    /// <summary>The folders of the PATH variable.</summary>
    Path = 4,
    All = Npm | Debian | Path,
}

/// <summary>How and where the private PostgreSQL is kept.</summary>
public sealed record PrivatePostgresOptions
{
    /// <summary>Holds the cluster, its password and the lock; other files of the host may live beside them.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Only this folder of programs is used when set (the <c>bin</c> folder or its parent).</summary>
    public string? BinariesFolder { get; init; }

    public PostgresSources Sources { get; init; } = PostgresSources.All;

    /// <summary>Programs that the server's user cannot reach are copied here; by default into the data folder.</summary>
    public string? BinariesCopyFolder { get; init; }

    /// <summary>Only this major version, when set; otherwise that of the existing town, or else the first found.</summary>
    public int? Major { get; init; }

    public string Database { get; init; } = "command_center";

    /// <summary>Trades safety for speed; only for data that nobody will miss.</summary>
    public bool Throwaway { get; init; }

    /// <summary>Recovery after a crash counts too, so it is long.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads <c>CommandCenter:DataFolder</c> and <c>CommandCenter:PostgresBinaries</c>.</summary>
    public static PrivatePostgresOptions From(IConfiguration configuration) => new()
    {
        DataFolder = configuration["CommandCenter:DataFolder"] is { Length: > 0 } folder ? folder : DefaultDataFolder(),
        BinariesFolder = configuration["CommandCenter:PostgresBinaries"] is { Length: > 0 } binaries ? binaries : null,
    };

    /// <summary><c>/var/lib/town-command-center</c> for root, the user's own data folder otherwise.</summary>
    public static string DefaultDataFolder()
    {
        const string name = "town-command-center";
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            return $"/var/lib/{name}";
        // The XDG specification says that a relative path in this variable is to be ignored.
        if (Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg))
            return Path.Combine(xdg, name);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), name);
        if (home.Length == 0)
            throw new LocalPostgresException("This user has no home folder for the data. Set CommandCenter__DataFolder to a folder that it may write.");
        return Path.Combine(home, ".local", "share", name);
    }
}
