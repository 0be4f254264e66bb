using System.Globalization;

namespace CommandCenter.Host.LocalPostgres;

/// <summary>The unprivileged user that the server runs as when the host is root: PostgreSQL refuses to run as root.</summary>
internal sealed record ServerUser(string Name, int Uid, int Gid)
{
    /// <summary>The owner of an existing cluster, else <c>postgres</c>, else <c>nobody</c>; null when the host is no root.</summary>
    public static async Task<ServerUser?> ForAsync(string? existingCluster, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return null;
        var users = await ReadUsersAsync(cancellation);
        if (existingCluster is not null)
        {
            // A cluster made by an ordinary user stays that user's, so that both can go on starting it.
            var stat = await ServerProgram.RunAsync(null, "stat", ["-c", "%u %g", existingCluster], "/", cancellation);
            var parts = stat.Output.Trim().Split(' ');
            if (stat.ExitCode == 0 && parts.Length == 2 && Number(parts[0]) is > 0 and var uid && Number(parts[1]) is { } gid)
                return users.Find(u => u.Uid == uid) ?? new ServerUser($"uid {uid}", uid, gid);
        }
        return users.Find(u => u.Name == "postgres" && u.Uid != 0)
            ?? users.Find(u => u.Name == "nobody" && u.Uid != 0)
            ?? throw new LocalPostgresException(
                "PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody. " +
                "Create one (useradd --system postgres), or start the host as an ordinary user.");
    }

    private static async Task<List<ServerUser>> ReadUsersAsync(CancellationToken cancellation)
    {
        var users = new List<ServerUser>();
        foreach (var line in await File.ReadAllLinesAsync("/etc/passwd", cancellation))
            if (line.Split(':') is [var name, _, var uid, var gid, ..] && Number(uid) is { } u && Number(gid) is { } g)
                users.Add(new ServerUser(name, u, g));
        return users;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
