namespace CommandCenter.Domain.Meetings;

/// <summary>What may happen to a meeting: every state × every command, decided on purpose.</summary>
public static class MeetingDecider
{
    public static Decision<MeetingEvent> Decide(MeetingCommand command, Meeting state) => (command, state) switch
    {
        (PlanMeeting c, Meeting.Unregistered) => c.Policy.Objection(c.Setup) is { } objection
            ? Refuse(objection, state)
            : Emit(new MeetingPlanned(c.Setup, c.StartsAt, c.Policy.Version)),
        (RegisterMeeting c, Meeting.Unregistered) => Hold(c.Setup, c.Attendance, c.Policy, state),
        (PlanMeeting or RegisterMeeting, _) => Refuse("meeting.exists", state),
        (_, Meeting.Unregistered) => Refuse("meeting.unknown", state),

        (CancelMeeting, Meeting.Cancelled) => Nothing,
        (_, Meeting.Cancelled) => Refuse("meeting.cancelled", state),

        (HoldMeeting c, Meeting.Planned s) when c.Setup.Tier != s.File.Setup.Tier || c.Setup.Area != s.File.Setup.Area => Refuse("meeting.differs_from_plan", state),
        (HoldMeeting c, Meeting.Planned) => Hold(c.Setup, c.Attendance, c.Policy, state),
        (CancelMeeting c, Meeting.Planned) => Emit(new MeetingCancelled(c.Reason)),
        (_, Meeting.Planned) => Refuse("meeting.not_held", state),
        (HoldMeeting or CancelMeeting, _) => Refuse("meeting.already_held", state),

        (StrikeOffMeeting, Meeting.StruckOff) => Nothing,
        (ImportList c, Meeting.Listed or Meeting.StruckOff) when File(state).Content.Contains(c.Content) => Nothing,
        (FollowCases c, Meeting.Listed or Meeting.StruckOff) => Knows(state, c.Standings) ? Follow(c, File(state)) : Refuse("meeting.line_unknown", state),
        // A matter that was forgotten opens the account again, as one of its cases does.
        (ImportList c, Meeting.StruckOff) => Import(c, state),
        (_, Meeting.StruckOff) => Refuse("meeting.struck_off", state),

        (RecordMinutes c, _) => Emit(new MeetingMinutesRecorded(c.Minutes, c.Photos)),
        (ImportList c, _) => Import(c, state),
        (StrikeOffMeeting, Meeting.Held) => Refuse("meeting.minutes_missing", state),
        (StrikeOffMeeting, Meeting.Recorded) => Emit(new MeetingStruckOff()),
        (GiveFeedback or ReconcileLines or FollowCases, Meeting.Held or Meeting.Recorded) => Refuse("meeting.list_missing", state),

        (GiveFeedback c, Meeting.Listed s) => Feedback(c, s),
        (ReconcileLines c, Meeting.Listed) => Knows(state, c.Standings) ? Emit([.. News(c.Standings, File(state)), new MeetingLinesReconciled(c.Standings)]) : Refuse("meeting.line_unknown", state),
        (StrikeOffMeeting c, Meeting.Listed s) => Knows(state, c.Standings) ? StrikeOff(c, s) : Refuse("meeting.line_unknown", state),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided in {state.GetType().Name}."),
    };

    /// <summary>The commands that a state accepts, in the order of the loop, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(Meeting state) => state switch
    {
        Meeting.Unregistered => ["plan", "register"],
        Meeting.Planned => ["hold", "cancel"],
        Meeting.Held => ["record-minutes", "import-list"],
        Meeting.Recorded => ["record-minutes", "import-list", "strike-off"],
        Meeting.Listed { File.Lines: var lines } =>
        [
            "record-minutes", "import-list",
            .. lines.Values.Any(line => line.IsFeedbackDue) ? (string[])["give-feedback"] : [],
            "reconcile",
            .. lines.Values.All(line => line.IsAccountedFor) ? (string[])["strike-off"] : [],
        ],
        Meeting.StruckOff => ["import-list"],
        _ => [],
    };

    private static Decision<MeetingEvent> Hold(MeetingSetup setup, MeetingAttendance attendance, MeetingPolicy policy, Meeting state)
    {
        if (policy.Objection(setup) is { } objection)
            return Refuse(objection, state);
        return attendance is { Participants: > 0, HouseholdsPresent: >= 0, VillagersFloorPercent: null or (>= 0 and <= 100) } && attendance.HouseholdsPresent <= attendance.Participants
            ? Emit(new MeetingHeld(setup, attendance, policy.Version))
            : Refuse("meeting.attendance.out_of_range", state);
    }

    private static Decision<MeetingEvent> Import(ImportList c, Meeting state)
    {
        var file = File(state);
        if (c.Lines.Count == 0)
            return Refuse("meeting.list_empty", state);
        var known = file.Lines.Values.Select(line => line.Listed.Fingerprint).ToHashSet(StringComparer.Ordinal);
        if (!c.Lines.All(line => known.Add(line.Fingerprint)))
            return Refuse("meeting.line_listed_before", state);
        if (c.Lines.Any(line => line.Kind == LineKind.OnSpot && MeetingList.ProofOf(line, file).Count == 0))
            return Refuse("meeting.proof_missing", state);
        // The lists of a meeting count on, so that "line 7" is one matter for as long as people speak of it.
        return Emit(new MeetingListImported(
            c.Source, c.Content,
            [.. c.Lines.Select(line => new ListedLine(file.Lines.Count + line.Number, line.Kind, line.Case, line.Area, line.Category, line.Fingerprint))]));
    }

    private static Decision<MeetingEvent> Feedback(GiveFeedback c, Meeting.Listed state)
    {
        var lines = state.File.Lines;
        if (c.Lines.Count == 0 || !c.Lines.All(lines.ContainsKey))
            return Refuse("meeting.line_unknown", state);
        if (c.Lines.Any(line => lines[line].Standing.Outcome is null))
            return Refuse("meeting.line_open", state);
        if (!c.Lines.All(line => lines[line].IsFeedbackDue) || c.Lines.Distinct().Count() != c.Lines.Count)
            return Refuse("meeting.already_fed_back", state);
        // A word from door to door leaves no picture; whatever hung or stood somewhere does.
        return c.Way == FeedbackWay.InPerson || c.Photos.Count > 0
            ? Emit(new MeetingFeedbackGiven(c.Lines, c.Way, c.Photos, c.Note))
            : Refuse("meeting.feedback.proof_missing", state);
    }

    private static Decision<MeetingEvent> StrikeOff(StrikeOffMeeting c, Meeting.Listed state)
    {
        var lines = state.File.Lines.ToDictionary(line => line.Key, line => line.Value);
        foreach (var standing in c.Standings)
            lines[standing.Line] = lines[standing.Line].Found(standing, default);
        if (lines.Values.Any(line => line.IsOpen))
            return Refuse("meeting.lines_open", state);
        return lines.Values.Any(line => line.IsFeedbackDue)
            ? Refuse("meeting.feedback_missing", state)
            : Emit(new MeetingLinesReconciled(c.Standings), new MeetingStruckOff());
    }

    private static Decision<MeetingEvent> Follow(FollowCases c, MeetingFile file)
    {
        MeetingEvent[] news = [.. News(c.Standings, file)];
        return news.Length > 0 ? Emit(news) : Nothing;
    }

    private static IEnumerable<MeetingEvent> News(IReadOnlyList<LineStanding> standings, MeetingFile file) =>
        standings.Where(standing => file.Lines[standing.Line].IsNews(standing)).Select(standing => standing.Outcome is { } outcome
            ? (MeetingEvent)new MeetingLineSettled(standing.Line, standing.Position, outcome)
            : new MeetingLineReopened(standing.Line, standing.Position));

    private static bool Knows(Meeting state, IReadOnlyList<LineStanding> standings) => standings.All(standing => File(state).Lines.ContainsKey(standing.Line));

    private static MeetingFile File(Meeting state) => ((Meeting.Known)state).File;

    private static Decision<MeetingEvent>.Emit Emit(params MeetingEvent[] events) => new(events);

    private static Decision<MeetingEvent>.Refuse Refuse(string code, Meeting state) => new(MeetingRefusals.Of(code, state));

    private static Decision<MeetingEvent> Nothing { get; } = new Decision<MeetingEvent>.Nothing();
}
