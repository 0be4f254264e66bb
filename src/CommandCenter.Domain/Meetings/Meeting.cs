using System.Collections.Immutable;

namespace CommandCenter.Domain.Meetings;

/// <summary>How far a meeting is.</summary>
public enum MeetingStage
{
    /// <summary>待召开</summary>
    Planned,

    /// <summary>已召开</summary>
    Held,

    /// <summary>已记录: there are minutes, and no list yet.</summary>
    Recorded,

    /// <summary>已建账: its list came in.</summary>
    Listed,

    /// <summary>已销号</summary>
    StruckOff,

    /// <summary>已取消</summary>
    Cancelled,
}

/// <summary>How the yard was told of a line.</summary>
public sealed record LineFeedback(FeedbackWay Way, By By, DateTimeOffset At);

/// <summary>A line of a meeting's account.</summary>
/// <param name="SettledAt">When the meeting learned of the outcome.</param>
/// <param name="Feedback">Of this outcome; a line that is reopened is owed another one.</param>
public sealed record AccountLine(ListedLine Listed, LineStanding Standing, DateTimeOffset? SettledAt = null, LineFeedback? Feedback = null)
{
    public int Number => Listed.Number;

    /// <summary>Whether somebody still has to act on its case, be it in another town.</summary>
    public bool IsOpen => Standing.Outcome is null or LineOutcome.Transferred;

    /// <summary>Whether the yard is owed an answer. Who was there when it was solved needs none.</summary>
    public bool IsFeedbackDue => Standing.Outcome is not (null or LineOutcome.SolvedOnSpot) && Feedback is null;

    /// <summary>Whether nothing is left to do for it.</summary>
    public bool IsAccountedFor => !IsOpen && !IsFeedbackDue;

    /// <summary>Whether the case stands otherwise than the meeting knows. A second end of the same kind is news: it has its own result.</summary>
    public bool IsNews(LineStanding found) =>
        found.Position > Standing.Position && (found.Outcome != Standing.Outcome || found.Outcome is not (null or LineOutcome.SolvedOnSpot));

    /// <summary>The line as it was found to stand; what is no news changes nothing.</summary>
    public AccountLine Found(LineStanding found, DateTimeOffset at) =>
        IsNews(found) ? this with { Standing = found, SettledAt = found.Outcome is null ? null : at, Feedback = null } : this;
}

/// <summary>What is known of a meeting, whatever its stage.</summary>
/// <param name="Content">The lists that came in, by the keyed hash of what they say.</param>
/// <param name="StartsAt">As planned; null for a meeting without a plan.</param>
/// <param name="HeldAt">When it took place, as given.</param>
/// <param name="ReconciledAt">When the account was last held against the cases.</param>
public sealed record MeetingFile(
    MeetingSetup Setup,
    string Policy,
    By RegisteredBy,
    DateTimeOffset RegisteredAt,
    ImmutableSortedDictionary<int, AccountLine> Lines,
    ImmutableHashSet<string> Content,
    DateTimeOffset? StartsAt = null,
    DateTimeOffset? HeldAt = null,
    MeetingAttendance? Attendance = null,
    MeetingMinutesRecorded? Minutes = null,
    DateTimeOffset? ReconciledAt = null)
{
    /// <summary>The lines after what was found of one of their cases.</summary>
    public MeetingFile With(LineStanding standing, DateTimeOffset at) => this with { Lines = Lines.SetItem(standing.Line, Lines[standing.Line].Found(standing, at)) };
}

/// <summary>A yard meeting as a fold of its stream. A closed type: one variant a stage.</summary>
public abstract record Meeting
{
    private Meeting() { }

    /// <summary>There is no such meeting (yet).</summary>
    public sealed record Unregistered : Meeting;

    public abstract record Known(MeetingFile File) : Meeting;

    public sealed record Planned(MeetingFile File) : Known(File);

    public sealed record Held(MeetingFile File) : Known(File);

    public sealed record Recorded(MeetingFile File) : Known(File);

    public sealed record Listed(MeetingFile File) : Known(File);

    public sealed record StruckOff(MeetingFile File) : Known(File);

    public sealed record Cancelled(MeetingFile File) : Known(File);

    public static Meeting None { get; } = new Unregistered();

    /// <summary>The stage; null for a meeting that does not exist.</summary>
    public MeetingStage? Stage => this switch
    {
        Planned => MeetingStage.Planned,
        Held => MeetingStage.Held,
        Recorded => MeetingStage.Recorded,
        Listed => MeetingStage.Listed,
        StruckOff => MeetingStage.StruckOff,
        Cancelled => MeetingStage.Cancelled,
        _ => null,
    };

    /// <summary>A meeting of a stage.</summary>
    public static Meeting Of(MeetingStage stage, MeetingFile file) => stage switch
    {
        MeetingStage.Planned => new Planned(file),
        MeetingStage.Held => new Held(file),
        MeetingStage.Recorded => new Recorded(file),
        MeetingStage.Listed => new Listed(file),
        MeetingStage.StruckOff => new StruckOff(file),
        _ => new Cancelled(file),
    };

    public static Meeting Fold(IEnumerable<Fact<MeetingEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>The meeting after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not a meeting's life.</exception>
    public Meeting Apply(Fact<MeetingEvent> fact) => (fact.Event, this) switch
    {
        (MeetingPlanned e, Unregistered) => new Planned(Begun(e.Setup, e.Policy, fact) with { StartsAt = e.StartsAt }),
        (MeetingCancelled, Planned k) => new Cancelled(k.File),
        (MeetingHeld e, Unregistered) => new Held(Begun(e.Setup, e.Policy, fact) with { HeldAt = fact.HappenedAt, Attendance = e.Attendance }),
        (MeetingHeld e, Planned k) => new Held(k.File with { Setup = e.Setup, Policy = e.Policy, HeldAt = fact.HappenedAt, Attendance = e.Attendance }),
        (MeetingMinutesRecorded e, Held or Recorded) => new Recorded(((Known)this).File with { Minutes = e }),
        (MeetingMinutesRecorded e, Listed k) => k with { File = k.File with { Minutes = e } },
        (MeetingListImported e, Held or Recorded or Listed or StruckOff) => new Listed(Listing(((Known)this).File, e, fact.RecordedAt)),
        (MeetingFeedbackGiven e, Listed k) when e.Lines.All(line => k.File.Lines.TryGetValue(line, out var known) && known.IsFeedbackDue) => k with
        {
            File = k.File with
            {
                Lines = e.Lines.Aggregate(k.File.Lines, (lines, line) => lines.SetItem(line, lines[line] with { Feedback = new LineFeedback(e.Way, fact.By, fact.HappenedAt) })),
            },
        },
        (MeetingLinesReconciled e, Listed k) when e.Lines.All(line => k.File.Lines.ContainsKey(line.Line)) => k with { File = k.File with { ReconciledAt = fact.RecordedAt } },
        (MeetingLineSettled e, Listed or StruckOff) when ((Known)this).File.Lines.ContainsKey(e.Line) =>
            new Listed(((Known)this).File.With(new LineStanding(e.Line, e.Position, e.Outcome), fact.RecordedAt)),
        (MeetingLineReopened e, Listed or StruckOff) when ((Known)this).File.Lines.ContainsKey(e.Line) =>
            new Listed(((Known)this).File.With(new LineStanding(e.Line, e.Position), fact.RecordedAt)),
        (MeetingStruckOff, Recorded or Listed) when ((Known)this).File.Lines.Values.All(line => line.IsAccountedFor) => new StruckOff(((Known)this).File),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow in a meeting that is {Stage?.ToString() ?? "not registered"}."),
    };

    private static MeetingFile Begun(MeetingSetup setup, string policy, Fact<MeetingEvent> fact) => new(
        setup, policy, fact.By, fact.RecordedAt, ImmutableSortedDictionary<int, AccountLine>.Empty, ImmutableHashSet<string>.Empty);

    private static MeetingFile Listing(MeetingFile file, MeetingListImported list, DateTimeOffset at) => file with
    {
        Content = file.Content.Add(list.Content),
        Lines = file.Lines.AddRange(list.Lines.Select(line => KeyValuePair.Create(line.Number, new AccountLine(
            line,
            new LineStanding(line.Number, 0, line.Kind == LineKind.OnSpot ? LineOutcome.SolvedOnSpot : null),
            line.Kind == LineKind.OnSpot ? at : null)))),
    };
}
