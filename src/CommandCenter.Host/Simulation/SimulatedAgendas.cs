using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Simulation;

/// <summary>
/// The party work committees' meetings, one a town every other Friday, by the one way. What is collected comes from the simulation's own rows: the read tables are not kept up while a past is played.
/// </summary>
public sealed class SimulatedAgendas(AgendaStreams streams, IPolicies policies, SimulationDriver driver, SimulationRefusals refusals)
{
    private int _count;

    /// <summary>Meetings that were held.</summary>
    public int Count => _count;

    internal IEnumerable<Errand> OnDay(DateOnly day, AreaCode town, long seed, SimulationScript script, Func<IEnumerable<CaseSummary>> rows)
    {
        if (day.DayOfWeek != DayOfWeek.Tuesday || day.DayNumber / 7 % 2 != 0 || !script.Rhythm.IsWorkingDay(day))
            yield break;
        var chance = Chance.Of(seed, town.Value, day.DayNumber);
        if (script.Seats.At(Role.Office, town, chance) is not { } office)
            yield break;
        var begins = script.Rhythm.At(day.AddDays(3), 9.5);
        yield return Prepare(town, office, script.Rhythm.At(day, chance.Between(14, 17)), begins, seed, script, rows);
    }

    private Errand Prepare(AreaCode town, string office, DateTimeOffset at, DateTimeOffset begins, long seed, SimulationScript script, Func<IEnumerable<CaseSummary>> rows)
    {
        var prepared = false;
        return new Errand(at, $"agenda:{town}", async token =>
        {
            var book = policies.At(at);
            var rules = book.Current.Agenda ?? AgendaRules.Standard;
            List<AgendaEntry> found =
            [
                .. rows().Where(row => row.Town == town).OrderBy(row => row.Position).Select(row => new AgendaEntry(row.Id, rules.ReasonsFor(row, at))).Where(entry => entry.Reasons.Count > 0),
            ];
            prepared = await GiveAsync(town, "prepare", office, at, async (loaded, ct) => new PrepareAgendaMeeting(begins, found, await streams.StandingsAsync(loaded, ct), book.Current.Version, rules, at), token);
        },
        () => prepared ? [Hold(town, office, begins + TimeSpan.FromMinutes(30), seed, script)] : []);
    }

    private Errand Hold(AreaCode town, string office, DateTimeOffset at, long seed, SimulationScript script) => new(at, $"agenda:{town}", async token =>
    {
        var chance = Chance.Of(seed, $"held {town}", at.Ticks);
        var agenda = (await streams.LoadAsync(town, token)).State;
        foreach (var item in agenda.Owed.ToList())
            await GiveAsync(town, "report", item.Lead!.Person, at, (_, _) => Task.FromResult<AgendaCommand>(new ReportAgendaProgress(item.Number, Text("正在协调，按计划推进。"))), token);
        foreach (var item in agenda.Undecided.ToList())
        {
            if (script.Seats.At(Role.TownLeader, town, chance) is { } lead && script.Seats.Organization.FindPerson(lead) is { } person)
                await GiveAsync(town, "name-lead", office, at, (_, _) => Task.FromResult<AgendaCommand>(new NameAgendaLead(item.Number, lead, person.Roles[0].Role, at.AddDays(10 + chance.Below(20)), Text("牵头协调解决。"), at)), token);
        }

        if (!await GiveAsync(town, "conclude", office, at, async (loaded, ct) => new ConcludeAgendaMeeting(await streams.StandingsAsync(loaded, ct), null, at), token))
            return;
        Interlocked.Increment(ref _count);
        foreach (var item in (await streams.LoadAsync(town, token)).State.Items.Where(item => item.Stage == AgendaItemStage.Solved).ToList())
            await GiveAsync(town, "appraise", office, at, async (loaded, ct) => new AppraiseAgendaItem(item.Number, 3 + chance.Below(3), Text("已解决，予以销项。"), await streams.StandingsAsync(loaded, ct)), token);
    });

    private async Task<bool> GiveAsync(AreaCode town, string command, string actor, DateTimeOffset at, Func<LoadedAgenda, CancellationToken, Task<AgendaCommand>> build, CancellationToken cancellation) =>
        refusals.IsDone($"agenda {command}", await streams.ExecuteAsync(town, new StreamWork<Agenda, AgendaCommand, AgendaEvent>(town.Value, command, build, driver.CallersOf(actor), at, at), cancellation));

    private static MarkedText Text(string text) => new(text, []);
}
