using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests;

/// <summary>Given what happened to a yard meeting, when somebody commands, then this happens or is refused; with the events and commands of one plain meeting.</summary>
public sealed class Meetings
{
    public const string Id = "0199c2f0a0b07c0d8e0f0000000000aa";
    public const string Photo = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private readonly Meeting _state;
    private Decision<MeetingEvent>? _decision;

    private Meetings(Meeting state) => _state = state;

    /// <summary>The shipped policy of today.</summary>
    public static MeetingPolicy Policy { get; } = Shipped("yard-meetings-2022");

    public static By Secretary { get; } = new("secretary", Role.VillageSecretary, Town.Village);

    public static Meetings Given(params MeetingEvent[] events) => new(Fold(events));

    public static Meeting Fold(params MeetingEvent[] events) => Meeting.Fold(events.Select((happened, index) => Fact(happened, Sample.T0 + index.Hours())));

    public static Fact<MeetingEvent> Fact(MeetingEvent happened, DateTimeOffset at, By? by = null) =>
        new(happened, by ?? (happened is LineEvent ? new By("system:meetings", Role.System, Town.Yard) : Secretary), at, at);

    public Meetings When(MeetingCommand command)
    {
        _decision = MeetingDecider.Decide(command, _state);
        return this;
    }

    public void Then(params MeetingEvent[] events) => Decided<Decision<MeetingEvent>.Emit>().Events.Select(Json.Named).ShouldBe(events.Select(Json.Named));

    public Refusal ThenRefused(string code)
    {
        var refusal = Decided<Decision<MeetingEvent>.Refuse>().Refusal;
        refusal.Code.ShouldBe(code);
        return refusal;
    }

    public void ThenNothing() => Decided<Decision<MeetingEvent>.Nothing>();

    public static MeetingPolicy Shipped(string version)
    {
        var (policy, errors) = MeetingPolicyReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Meetings", "policies", $"{version}.json"));
        return policy ?? throw new InvalidOperationException(string.Join('\n', errors));
    }

    // What happens.

    public static MeetingSetup Setup(AreaCode? area = null, MeetingTier tier = MeetingTier.Village, Role host = Role.VillageSecretary) =>
        new(tier, MeetingForm.OnSite, area ?? Town.Yard, host, ["opinions", "solving_on_spot"], ["village_appearance"], Sample.Words("白果树下"));

    public static MeetingPlanned Planned(AreaCode? area = null) => new(Setup(area), Sample.T0 + 1.Days(), Policy.Version);

    public static MeetingCancelled Cancelled() => new(Sample.Words("下雨"));

    public static MeetingHeld Held(AreaCode? area = null) => new(Setup(area), new MeetingAttendance(31, 18, 60), Policy.Version);

    public static MeetingMinutesRecorded Minutes(params string[] photos) => new(Sample.Words("群众提出三个问题。"), photos);

    /// <summary>Line 1 solved on the spot, line 2 for the village, line 3 for the district.</summary>
    public static MeetingListImported Imported() => new(ListSource.Form, "content-1",
    [
        new ListedLine(1, LineKind.OnSpot, CaseOf(1), Town.Yard, "road-damage", "print-1"),
        new ListedLine(2, LineKind.Village, CaseOf(2), Town.Yard, "road-damage", "print-2"),
        new ListedLine(3, LineKind.District, CaseOf(3), Town.Grid, "river-pollution", "print-3"),
    ]);

    public static MeetingLineSettled Settled(int line, LineOutcome outcome = LineOutcome.Closed, long position = 9) => new(line, position, outcome);

    public static MeetingLineReopened Reopened(int line, long position = 12) => new(line, position);

    public static MeetingFeedbackGiven FedBack(params int[] lines) => new(lines, FeedbackWay.NoticeBoard, [Photo]);

    public static MeetingStruckOff StruckOff() => new();

    // What is wanted.

    public static PlanMeeting Plan(MeetingSetup? setup = null) => new(setup ?? Setup(), Sample.T0 + 1.Days(), Policy);

    public static HoldMeeting Hold(MeetingSetup? setup = null, MeetingAttendance? attendance = null) => new(setup ?? Setup(), attendance ?? new MeetingAttendance(31, 18, 60), Policy);

    public static RegisterMeeting Register(MeetingSetup? setup = null, MeetingAttendance? attendance = null) => new(setup ?? Setup(), attendance ?? new MeetingAttendance(31, 18, 60), Policy);

    public static CancelMeeting Cancel() => new(Sample.Words("下雨"));

    public static RecordMinutes Record(params string[] photos) => new(Sample.Words("群众提出三个问题。"), photos);

    public static ImportList Import(string content = "content-1", params MeetingLine[] lines) => new(ListSource.Form, content, lines.Length > 0 ? lines : [Line(1, LineKind.OnSpot), Line(2), Line(3, LineKind.District)]);

    public static MeetingLine Line(int number, LineKind kind = LineKind.Village, string? print = null, string[]? photos = null) => new(
        number, kind, CaseOf(number), Sample.Words(), number == 3 ? Town.Grid : Town.Yard, number == 3 ? "river-pollution" : "road-damage", Urgency.Normal, print ?? $"print-{number}",
        photos ?? (kind == LineKind.OnSpot ? [Photo] : []), kind == LineKind.OnSpot ? Sample.Words("当场调解") : null);

    public static GiveFeedback Feedback(params int[] lines) => new(lines, FeedbackWay.NoticeBoard, null, [Photo]);

    /// <summary>Every case still in hand, but for the given ones.</summary>
    public static LineStanding[] Standings(params LineStanding[] ended) =>
        [new(1, 2, LineOutcome.SolvedOnSpot), .. Enumerable.Range(2, 2).Select(line => ended.FirstOrDefault(standing => standing.Line == line) ?? new LineStanding(line, 0))];

    public static LineStanding Closed(int line, long position = 9) => new(line, position, LineOutcome.Closed);

    public static ReconcileLines Reconcile(params LineStanding[] ended) => new(Standings(ended));

    public static StrikeOffMeeting StrikeOff(params LineStanding[] ended) => new(Standings(ended));

    public static FollowCases Follow(params LineStanding[] standings) => new(standings);

    public static string CaseOf(int line) => $"0199c2f0a0b07c0d8e0f00000000100{line}";

    private T Decided<T>()
        where T : Decision<MeetingEvent> => _decision.ShouldNotBeNull("Say When before Then.").ShouldBeOfType<T>();
}
