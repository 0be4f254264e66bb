global using LoadedAgenda = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Agendas.Agenda, CommandCenter.Domain.Agendas.AgendaEvent>;
using System.Text.Json;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.Host.Composition;

/// <summary>The list of one town's party work committee, as the executor of commands knows it.</summary>
/// <param name="town">Also the stream's id.</param>
public sealed class AgendaKind(AreaCode town, IOrganization organization, NoticePlan plan) : StreamKind<Agenda, AgendaCommand, AgendaEvent>
{
    public override string Category => "agenda";

    public override Message Noun { get; } = new("末议题清单", "agenda");

    public override Agenda None => Agenda.None;

    public override bool IsImplicit => true;

    public override string Saga => AgendaNotices.Saga;

    public override Agenda Apply(Agenda state, Fact<AgendaEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => false;

    public override bool May(Caller caller, string command, Agenda state) => AgendaAccess.May(caller, command, town, state);

    public override Decision<AgendaEvent> Decide(AgendaCommand command, Agenda state, By by) => AgendaDecider.Decide(command, state, by);

    public override Reaction<AgendaEvent> React(string id, Agenda after, IReadOnlyList<AgendaEvent> decided, DateTimeOffset at) =>
        AgendaNotices.React(town, after, decided, at, organization.At(at), plan);

    public override By Engine(Agenda after) => AgendaNotices.Engine(town);

    /// <summary>What the hour before a meeting, or the day of a lead, causes.</summary>
    public Reaction<AgendaEvent> OnTimer(DueTimer timer, Agenda state, DateTimeOffset firedAt) =>
        AgendaNotices.OnTimer(town, state, timer.Key.Name, timer.Key.Attempt, timer.DueAt, firedAt, organization.At(firedAt), plan);
}

/// <summary>The way to committees' lists and to the cases behind their items, and the timers before their meetings.</summary>
public sealed class AgendaStreams(
    StreamCommands commands, CaseStreams cases, IOrganization organization, NoticePlan plan, NpgsqlDataSource database, IEventLog log, ReadPositions positions) : ITimerHandler
{
    public string Saga => AgendaNotices.Saga;

    public AgendaKind KindOf(AreaCode town) => new(town, organization, plan);

    public Task<LoadedAgenda> LoadAsync(AreaCode town, CancellationToken cancellation) => commands.LoadAsync(KindOf(town), town.Value, cancellation);

    public Task<LoadedCase> LoadCaseAsync(string caseId, CancellationToken cancellation) => cases.LoadAsync(caseId, cancellation);

    public Task<Outcome> ExecuteAsync(AreaCode town, StreamWork<Agenda, AgendaCommand, AgendaEvent> work, CancellationToken cancellation) => commands.ExecuteAsync(KindOf(town), Telling(town, work), cancellation);

    /// <summary>The same work with what the streams of its cases tell of it.</summary>
    public StreamWork<Agenda, AgendaCommand, AgendaEvent> Telling(AreaCode town, StreamWork<Agenda, AgendaCommand, AgendaEvent> work) => work with
    {
        Beside = (loaded, decided, caller, _) =>
        {
            var after = decided.Aggregate(loaded.State, (state, happened) => state.Apply(new Fact<AgendaEvent>(happened, caller.By, work.HappenedAt, work.At)));
            var told = AgendaStory.Of(town, loaded.State, after, decided).Select(one => (CaseStreams.StreamOf(one.Case), (object)one.Event));
            return Task.FromResult<IReadOnlyList<Preparation>>([commands.Noted(loaded.Stream, told, caller.By, work.HappenedAt, work.Cause)]);
        },
    };

    public Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        var kind = KindOf(AreaCode.Parse(timer.Key.SagaId));
        return commands.FireAsync(kind, timer, firedAt, state => kind.OnTimer(timer, state, firedAt), cancellation);
    }

    /// <summary>How the case behind every item on the list stands, by its own stream and by those of the cases that it went into.</summary>
    public async Task<IReadOnlyList<LineStanding>> StandingsAsync(LoadedAgenda loaded, CancellationToken cancellation) =>
        await Task.WhenAll(loaded.State.Open.Select(item => StandingAsync(AreaCode.Parse(loaded.Stream.Id), item, cancellation)));

    /// <summary>The town's open cases that the rules find, the longest open first. What is in the log by now is in the table by then.</summary>
    public async Task<IReadOnlyList<AgendaEntry>> FindAsync(AreaCode town, AgendaRules rules, DateTimeOffset at, CancellationToken cancellation)
    {
        await positions.WaitAsync((await log.HeadAsync(cancellation)).Last, cancellation, TableNames.Cases);
        await using var command = database.CreateCommand($"select summary from {TableNames.Cases} where area >= $1 and area < $1 || ':' and open order by position");
        command.Parameters.Add(new() { Value = town.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<AgendaEntry>();
        while (await reader.ReadAsync(cancellation))
        {
            var row = JsonSerializer.Deserialize<CaseSummary>(reader.GetString(0), DomainJson.Options)!;
            if (rules.ReasonsFor(row, at) is { Count: > 0 } reasons)
                found.Add(new AgendaEntry(row.Id, reasons));
        }

        return found;
    }

    private async Task<LineStanding> StandingAsync(AreaCode town, AgendaItem item, CancellationToken cancellation)
    {
        var trail = CaseTrail.Of(item.Case, town);
        for (var i = 0; i < trail.Cases.Count; i++)
        {
            var id = trail.Cases[i].Case;
            foreach (var fact in (await cases.LoadAsync(id, cancellation)).Facts)
                trail = trail.After(id, fact.Fact.Event, fact.Stored.Position.Position);
        }

        return trail.Standing(item.Number);
    }
}
