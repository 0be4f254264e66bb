using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests;

/// <summary>Events and commands of a broken road, the same wherever a test does not care.</summary>
public static class Sample
{
    public const string CaseId = "0199c2f0a0b07c0d8e0f000000000001";

    /// <summary>09:00 in the district, a Monday.</summary>
    public static DateTimeOffset T0 { get; } = Instant("2026-03-02T01:00:00Z");

    public static DateTimeOffset Instant(string text) => Json.Read<DateTimeOffset>($"\"{text}\"");

    /// <summary>An instant as a person in the district reads it from the clock.</summary>
    public static DateTimeOffset Local(string wallTime, TimeZoneInfo? zone = null)
    {
        var time = DateTime.Parse(wallTime, System.Globalization.CultureInfo.InvariantCulture);
        return new DateTimeOffset(time, (zone ?? Town.Shanghai).GetUtcOffset(time)).ToUniversalTime();
    }

    public static TimeSpan Minutes(this int count) => TimeSpan.FromMinutes(count);

    public static TimeSpan Hours(this int count) => TimeSpan.FromHours(count);

    /// <summary>Natural days; the sample district's zone has no clock changes.</summary>
    public static TimeSpan Days(this int count) => TimeSpan.FromDays(count);

    public static MarkedText Words(string text = "路面塌陷") => new(text, []);

    public static CaseReported Reported(Urgency urgency = Urgency.Normal, CaseSource source = CaseSource.GridWorker, AreaCode? area = null) =>
        new(source, Words(), area ?? Town.Grid, "road-damage", urgency, []);

    public static CaseFiled Filed(Urgency urgency = Urgency.Normal) => new("road-damage", Sector.Economy, urgency);

    public static CaseRefused Refused() => new(RefusalReason.Duplicate, Words("重复"));

    public static CaseDispatched Dispatched(int round = 1) => new(round, Sector.Economy, Town.BuildingPost);

    public static CaseClaimed Claimed() => new(Town.BuildingPost);

    public static CaseReturned Returned() => new(Town.BuildingPost, Words("不属本岗"));

    public static CaseCompleted Completed() => new(Words("已修复"), []);

    public static CaseVerified Verified() => new([]);

    public static CaseReworkOrdered ReworkOrdered(int round = 1) => new(round, Words("仍有坑"), []);

    public static CaseRated Rated(FixResult result = FixResult.Fixed) => new(result == FixResult.NotFixed ? 1 : 5, result);

    public static CaseClosed Closed() => new();

    public static ReportCase Report(Urgency urgency = Urgency.Normal) => new(Reported(urgency));

    public static FileCase File(Urgency urgency = Urgency.Normal) => new("road-damage", Sector.Economy, urgency, null);

    public static RefuseCase Refuse() => new(RefusalReason.Duplicate, Words("重复"));

    public static DispatchCase Dispatch() => new(Sector.Economy, Town.BuildingPost, null);

    public static ClaimCase Claim() => new();

    public static CaseRecalled Recalled() => new(Town.BuildingPost, Words("岗位空缺"));

    public static RecallCase Recall() => new(Words("岗位空缺"));

    public static ReturnCase Return() => new(Words("不属本岗"));

    public static CompleteCase Complete() => new(Words("已修复"), []);

    public static VerifyCase Pass() => new(true, null, []);

    public static VerifyCase Fail() => new(false, Words("仍有坑"), []);

    public static RateCase Rate(FixResult result = FixResult.Fixed) => new(result == FixResult.NotFixed ? 1 : 5, result, null);

    public static CloseCase Close() => new((MarkedText?)null);

    /// <summary>Who usually does it.</summary>
    public static By Doer(CaseEvent happened) => happened switch
    {
        CaseReported or CaseVerified or CaseReworkOrdered => Town.GridWorker,
        CaseFiled or CaseRefused or CaseRated => Town.Operator,
        CaseDispatched or CaseRecalled or CaseClosed => Town.Dispatcher,
        CaseClaimed or CaseReturned or CaseCompleted => Town.Handler,
        _ => new By("system:deadlines", Role.System, Town.Code),
    };

    /// <inheritdoc cref="Doer(CaseEvent)"/>
    public static By Doer(string command) => command switch
    {
        "report" or "verify" => Town.GridWorker,
        "file" or "refuse" or "rate" => Town.Operator,
        "dispatch" or "recall" or "close" => Town.Dispatcher,
        _ => Town.Handler,
    };

    /// <summary>The shipped policy.</summary>
    public static DeadlinePolicy Policy { get; } = ShippedPolicy();

    public static PolicyBook Policies { get; } = new(Policy, []);

    public static ClockRule Rule(Clock clock, Urgency urgency = Urgency.Normal) => Policy.RuleFor(clock, urgency);

    private static DeadlinePolicy ShippedPolicy()
    {
        var (policy, errors) = DeadlinePolicyReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-1.json"));
        return policy ?? throw new InvalidOperationException(string.Join('\n', errors));
    }
}
