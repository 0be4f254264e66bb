global using LoadedMeeting = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Meetings.Meeting, CommandCenter.Domain.Meetings.MeetingEvent>;
global using MeetingWork = CommandCenter.Host.Composition.StreamWork<CommandCenter.Domain.Meetings.Meeting, CommandCenter.Domain.Meetings.MeetingCommand, CommandCenter.Domain.Meetings.MeetingEvent>;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>Yard meetings, as the executor of commands knows them.</summary>
public sealed class MeetingKind(IOrganization organization, NoticePlan plan) : StreamKind<Meeting, MeetingCommand, MeetingEvent>
{
    public override string Category => "meeting";

    public override Message Noun { get; } = new("院坝会", "meeting");

    public override Meeting None => Meeting.None;

    public override Meeting Apply(Meeting state, Fact<MeetingEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => command is "plan" or "register";

    public override IReadOnlyList<string> PhotosOf(MeetingEvent happened) => MeetingPhotos.Of(happened);

    public override bool May(Caller caller, string command, Meeting state) => MeetingAccess.May(caller, command, state);

    public override Decision<MeetingEvent> Decide(MeetingCommand command, Meeting state, By by) => MeetingDecider.Decide(command, state);

    public override Reaction<MeetingEvent> React(string id, Meeting after, IReadOnlyList<MeetingEvent> decided, DateTimeOffset at) =>
        new([], FeedbackNotices.Of(id, ((Meeting.Known)after).File, decided, organization.At(at), plan), []);

    public override By Engine(Meeting after) => FeedbackNotices.Engine(((Meeting.Known)after).File);
}

/// <summary>The way to meetings, and to the cases that their lines became.</summary>
public sealed class MeetingStreams(StreamCommands commands, MeetingKind kind, CaseStreams cases)
{
    public MeetingKind Kind => kind;

    public Task<LoadedMeeting> LoadAsync(string id, CancellationToken cancellation) => commands.LoadAsync(kind, id, cancellation);

    public Fact<MeetingEvent> FactOf(StoredEvent stored) => commands.FactOf<MeetingEvent>(stored);

    public Task<Outcome> ExecuteAsync(MeetingWork work, CancellationToken cancellation) => commands.ExecuteAsync(kind, work, cancellation);

    /// <summary>What a command would append, without appending it.</summary>
    public Task<Preparation> PrepareAsync(MeetingWork work, CancellationToken cancellation) => commands.PrepareAsync(kind, work, cancellation);

    /// <summary>A case of a list, as part of the list's command.</summary>
    public Task<Preparation> PrepareAsync(CaseWork work, CancellationToken cancellation) => cases.PrepareAsync(work, cancellation);

    /// <summary>How the case of every line stands by its own stream, and by those of the cases that it went into.</summary>
    public async Task<IReadOnlyList<LineStanding>> StandingsAsync(MeetingFile file, CancellationToken cancellation) =>
        await Task.WhenAll(file.Lines.Values.Select(line => StandingAsync(line.Listed, file.Setup.Area, cancellation)));

    private async Task<LineStanding> StandingAsync(ListedLine line, AreaCode place, CancellationToken cancellation)
    {
        var trail = CaseTrail.Of(line.Case, place);
        for (var i = 0; i < trail.Cases.Count; i++)
        {
            var id = trail.Cases[i].Case;
            foreach (var fact in (await cases.LoadAsync(id, cancellation)).Facts)
                trail = trail.After(id, fact.Fact.Event, fact.Stored.Position.Position);
        }

        return trail.Standing(line.Number);
    }
}
