using CommandCenter.Host.LocalPostgres;

namespace CommandCenter.Host.Composition;

/// <summary>What an operator may set, from the command line, the environment (<c>CommandCenter__…</c>) or appsettings.</summary>
/// <param name="ConnectionString">A PostgreSQL of the operator's; null for a private one.</param>
/// <param name="DataFolder">Keys and photos, and the private PostgreSQL.</param>
/// <param name="Demo">Whether to play the scenario and the trickle of the demonstration town.</param>
public sealed record HostSettings(string? ConnectionString, string DataFolder, string OrganizationFolder, string PolicyFolder, string Policy, bool Demo)
{
    public static HostSettings From(IConfiguration configuration, IReadOnlyList<string> arguments) => new(
        configuration.GetConnectionString("CommandCenter") is { Length: > 0 } connection ? connection : null,
        PrivatePostgresOptions.From(configuration).DataFolder,
        configuration["CommandCenter:Organization"] ?? Path.Combine(AppContext.BaseDirectory, "Organization", "demo-district"),
        configuration["CommandCenter:Policies"] ?? Path.Combine(AppContext.BaseDirectory, "Deadlines", "policies"),
        configuration["CommandCenter:Policy"] ?? "default-2",
        arguments.Contains(DemoFlag))
    {
        CalendarFolder = configuration["CommandCenter:Calendar"] ?? Path.Combine(AppContext.BaseDirectory, "Deadlines", "calendar"),
        MeetingPolicyFolder = configuration["CommandCenter:MeetingPolicies"] ?? Path.Combine(AppContext.BaseDirectory, "Meetings", "policies"),
        NoticePlan = configuration["CommandCenter:NoticePlan"] ?? Path.Combine(AppContext.BaseDirectory, "Inbox", "plans", "default-1.json"),
        NoticeChannels = ChannelSettings.Read(configuration.GetSection("CommandCenter:NoticeChannels")),
        MeetingPolicy = configuration["CommandCenter:MeetingPolicy"] ?? "yard-meetings-2022",
        DemoDays = configuration.GetValue("CommandCenter:DemoDays", 30),
        BoardSnapshotEvery = configuration.GetValue("CommandCenter:BoardSnapshotEvery", 10_000),
        UnnamedMegabytes = configuration.GetValue("CommandCenter:UnnamedMegabytes", 1_000),
        UnnamedMegabytesOfResidents = configuration.GetValue("CommandCenter:UnnamedMegabytesOfResidents", 20_000),
        UnnamedMegabytesOfClient = configuration.GetValue("CommandCenter:UnnamedMegabytesOfClient", 1_000),
    };

    /// <summary>The arguments that configuration reads. A flag without a value would swallow the option behind it: <c>--demo --urls …</c> lost its address.</summary>
    public static string[] CommandLine(IEnumerable<string> arguments) => [.. arguments.Where(argument => argument != DemoFlag)];

    private const string DemoFlag = "--demo";

    /// <summary>How many days before now the demonstration towns have been alive, besides the stories that are told of them.</summary>
    public int DemoDays { get; init; }

    /// <summary>How many megabytes somebody may have sent that no event names yet, finished or under way.</summary>
    public int UnnamedMegabytes { get; init; }

    /// <summary>The same for all residents together, who give no name.</summary>
    public int UnnamedMegabytesOfResidents { get; init; }

    /// <summary>The same for the residents of one address.</summary>
    public int UnnamedMegabytesOfClient { get; init; }

    /// <summary>How many events lie between two snapshots of the board.</summary>
    public int BoardSnapshotEvery { get; init; }

    /// <summary>The file that says who is told of what.</summary>
    public required string NoticePlan { get; init; }

    /// <summary>The ways out of the house for notices; none unless they are set up.</summary>
    public required IReadOnlyList<ChannelSettings> NoticeChannels { get; init; }

    /// <summary>How long an upload that is not whole may be gone on with, from its last piece.</summary>
    public TimeSpan KeepUploads { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a file is kept that no event names.</summary>
    public TimeSpan KeepUnnamedFiles { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The folder with the working calendar: years and hours.</summary>
    public required string CalendarFolder { get; init; }

    public required string MeetingPolicyFolder { get; init; }

    /// <summary>The version of the meeting policy that holds today.</summary>
    public required string MeetingPolicy { get; init; }
}

/// <summary>The host cannot start as it was asked to; the message says what to do.</summary>
public sealed class StartRefusedException(string message, Exception? inner = null) : Exception(message, inner);
