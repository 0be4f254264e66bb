using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Demo;

/// <summary>Keeps the duty rosters of the demonstration towns, by the same way as over HTTP.</summary>
public sealed class DemoDuty(DutyStreams streams, AbsenceKind absences, StreamCommands commands, PersonalText personal, LiveOrganization live, Identifiers identifiers)
{
    private static readonly TimeSpan Away = TimeSpan.FromDays(12);

    /// <summary>The step that is due first in any town, at or before an instant; null when none is.</summary>
    public (AreaCode Town, DutyStep Step)? Next(DateTimeOffset now, DateTimeOffset until) =>
        Towns(now).Select(town => (Town: town, Step: new DutyScript(town, live.At(now)).Next(live.RosterOf(town), now)))
            .Where(next => next.Step is { } step && step.Due <= until).OrderBy(next => next.Step!.Due).Select(next => ((AreaCode, DutyStep)?)(next.Town, next.Step!)).FirstOrDefault();

    /// <param name="open">The cases that are in hand, for what goes with a hand-over.</param>
    /// <returns>False when it was refused.</returns>
    public async Task<bool> CarryOutAsync(AreaCode town, DutyStep step, DateTimeOffset at, IEnumerable<CaseSummary> open, CancellationToken cancellation)
    {
        var name = step switch
        {
            DutyStep.Plan => "plan",
            DutyStep.Swap => "swap",
            DutyStep.HandOver => "hand-over",
            DutyStep.Accept => "accept",
            DutyStep.TakeOver => "take-over",
            _ => throw new InvalidOperationException($"Nobody carries out {step.GetType().Name}."),
        };
        var work = new StreamWork<Roster, DutyCommand, DutyEvent>(town.Value, name, (loaded, token) => BuildAsync(step, loaded, at, OpenIn(town, open, at), token), CallersOf(step.Actor, at), at, at, Command(step.Actor));
        return await DoneAsync(await commands.ExecuteAsync(streams.KindOf(town), work, cancellation), cancellation);
    }

    /// <summary>One leader is away over the present days, if that was not entered before.</summary>
    public async Task RecordAbsenceAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var away = Towns(at).Select(town => new DutyScript(town, live.At(at)).Away).FirstOrDefault(away => away is not null);
        if (!live.History.Absences.IsEmpty || away is not { } found)
            return;
        var today = live.History.DayOf(at);
        var command = new RecordAbsence(found.Person, today, live.History.DayOf(at + Away), found.Substitute, today);
        var work = new StreamWork<OrganizationHistory, AbsenceCommand, OrganizationEvent>(
            OrganizationStream.Key.Id, AbsenceKind.Of(command.Name, found.Person), (_, _) => Task.FromResult<AbsenceCommand>(command), CallersOf(found.Person, at), at, at, Command(found.Person));
        if (!await DoneAsync(await commands.ExecuteAsync(absences, work, cancellation), cancellation))
            throw new InvalidDataException("The absence in the demonstration town was refused.");
    }

    private IEnumerable<AreaCode> Towns(DateTimeOffset at) => live.At(at).Areas.Select(area => area.Code).Where(code => code.Level == AreaLevel.Town);

    private IReadOnlyList<Caller> CallersOf(string person, DateTimeOffset at) =>
        [.. live.At(at).SeatsOf(live.At(at).FindPerson(person)!).Select(seat => new Caller(person, seat))];

    private CommandId Command(string person) => new(person, $"demo-{identifiers.New()}", personal.RequestHash([]));

    private async Task<bool> DoneAsync(Outcome outcome, CancellationToken cancellation)
    {
        if (outcome is not Outcome.Done done)
            return false;
        // The next step is asked of the roster with this one in it.
        await live.ReachedAsync(done.Receipt.Last, cancellation);
        return true;
    }

    private async Task<DutyCommand> BuildAsync(DutyStep step, LoadedDuty loaded, DateTimeOffset at, IReadOnlyList<OpenMatter> open, CancellationToken cancellation)
    {
        Task<Domain.Cases.MarkedText> Text(string field, string text) => personal.SealTextAsync(loaded.Stream, field, text, cancellation);
        return step switch
        {
            DutyStep.Plan plan => new PlanDuty(plan.Shifts, Replaces: false, Gaps: false, at),
            DutyStep.Swap swap => new SwapDuty(swap.Shift, swap.With, at),
            DutyStep.HandOver given => new HandOverDuty(given.Shift, null, await Text("note", given.Note), open, at),
            DutyStep.Accept accepted => new AcceptDuty(accepted.Shift, await Text("note", "已知悉。"), at),
            DutyStep.TakeOver taken => new TakeOverDuty(taken.Shift, null, await Text("reason", taken.Reason), at),
            _ => throw new InvalidOperationException($"Nobody carries out {step.GetType().Name}."),
        };
    }

    // As at a hand-over over HTTP: what is urgent or past a limit.
    private static IReadOnlyList<OpenMatter> OpenIn(AreaCode town, IEnumerable<CaseSummary> open, DateTimeOffset at) =>
    [
        .. open.Where(row => row.IsOpen && row.Town == town && (row.Urgency != Urgency.Normal || row.DueAt <= at)).OrderByDescending(row => row.Urgency).ThenBy(row => row.DueAt)
            .Select(row => new OpenMatter(row.Id, row.Stage, row.Urgency, row.Category, row.Area, null, row.DueAt)),
    ];
}
