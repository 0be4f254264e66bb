using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Simulation;

/// <summary>
/// The yards' meetings, by the one way: called, held, written down, each list turned into cases, the yard told of every result, and the account struck off. What becomes of the cases is told to the
/// meeting as soon as it happens, as on a host that runs.
/// </summary>
public sealed class SimulatedMeetings(MeetingStreams streams, MeetingPolicyBook meetingPolicies, PersonalText personal, SimulationDriver driver, SimulationRefusals refusals, Identifiers identifiers)
{
    /// <summary>Cases that come out of the yards' lists.</summary>
    public const int LinesAYear = SimulatedDistrict.MeetingsAYear * (LeastLines + MostLines) / 2;

    private const int LeastLines = 2;
    private const int MostLines = 6;

    private static readonly string[] AgendaCodes = ["opinions", "solving_on_spot", "feedback"];
    private static readonly string[] TopicCodes = ["neighbour_disputes", "village_appearance", "other"];

    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, string> _news = [];
    private int _count;

    /// <summary>Meetings that were held.</summary>
    public int Count => _count;

    private sealed record Held(long Number, long Seed, AreaCode Yard, string Head, SimulationScript Script, string Id = "");

    internal IEnumerable<Errand> OnDay(
        DateOnly day, AreaCode town, double part, long seed, SimulationScript script, Func<string, long, DateTimeOffset, SimulationScript, IEnumerable<Errand>> found)
    {
        if (script.Seats.Yards[town].Count == 0)
            yield break;
        var key = (day.DayNumber * 1_000L) + long.Parse(town.Value[6..], CultureInfo.InvariantCulture);
        var count = script.Rhythm.CountOn(day, SimulatedDistrict.MeetingsAYear * part, Chance.Of(seed, "meetings", key));
        for (var i = 0; i < count; i++)
        {
            var chance = Chance.Of(seed, "meeting", (key * 100) + i);
            var yard = chance.Of(script.Seats.Yards[town]);
            if (script.Seats.At(Role.YardHead, yard, chance) is not { } head)
                continue;
            var at = script.Rhythm.At(day, chance.Between(9, 20));
            yield return Plan(new Held((key * 100) + i, seed, yard, head, script), at, script.Rhythm.At(day.AddDays(2 + chance.Below(4)), chance.Is(0.5) ? 19.5 : 15), found);
        }
    }

    /// <summary>A case has ended: if a meeting has it, its yard is owed an answer.</summary>
    internal void Ended(CaseSummary row)
    {
        if (row.Meeting is { } meeting && meeting.StartsWith("meeting:", StringComparison.Ordinal) && _held.TryGetValue(meeting["meeting:".Length..], out var held))
            _news[held.Number] = held.Id;
    }

    /// <summary>The meetings that are told now what became of their cases.</summary>
    internal IReadOnlyList<Errand> Afterwards(DateTimeOffset at)
    {
        List<Errand> told = [.. _news.Values.Select(meeting => Follow(_held[meeting], at))];
        _news.Clear();
        return told;
    }

    private Errand Plan(Held meeting, DateTimeOffset at, DateTimeOffset startsAt, Func<string, long, DateTimeOffset, SimulationScript, IEnumerable<Errand>> found)
    {
        string? id = null;
        var setup = new MeetingSetup(MeetingTier.Village, MeetingForm.OnSite, meeting.Yard, Role.YardHead, AgendaCodes, TopicCodes);
        return new Errand(at, Lane(meeting), async token =>
        {
            var made = identifiers.New();
            if (await GiveAsync(made, "plan", meeting.Head, at, _ => new PlanMeeting(setup, startsAt, meetingPolicies.Current), token))
                id = made;
        },
        () => id is null ? [] : [Hold(meeting with { Id = id }, startsAt, found)]);
    }

    private Errand Hold(Held meeting, DateTimeOffset at, Func<string, long, DateTimeOffset, SimulationScript, IEnumerable<Errand>> found)
    {
        var done = false;
        var chance = Chance.Of(meeting.Seed, "held", meeting.Number);
        var people = 12 + chance.Below(25);
        var written = at + TimeSpan.FromHours(chance.Between(1.5, 3));
        return new Errand(at, Lane(meeting), async token =>
        {
            done = await GiveAsync(meeting.Id, "hold", meeting.Head, at, loaded =>
            {
                var file = ((Meeting.Known)loaded.State).File;
                return new HoldMeeting(file.Setup, new MeetingAttendance(people, (people / 2) + 1, 55 + chance.Below(20)), meetingPolicies.Version(file.Policy));
            }, token);
            if (done)
                Interlocked.Increment(ref _count);
        },
        () => done ? [Record(meeting, written, found)] : []);
    }

    private Errand Record(Held meeting, DateTimeOffset at, Func<string, long, DateTimeOffset, SimulationScript, IEnumerable<Errand>> found)
    {
        var done = false;
        return new Errand(at, Lane(meeting), async token =>
        {
            var photo = await driver.PhotoAsync(token);
            done = await GiveAsync(meeting.Id, "record-minutes", meeting.Head, at, _ => new RecordMinutes(Text("会议按议程进行，问题已逐条登记。"), [photo]), token);
        },
        () => done ? [Import(meeting, at + TimeSpan.FromMinutes(15), found)] : []);
    }

    private Errand Import(Held meeting, DateTimeOffset at, Func<string, long, DateTimeOffset, SimulationScript, IEnumerable<Errand>> found)
    {
        var chance = Chance.Of(meeting.Seed, "lines", meeting.Number);
        var count = LeastLines + chance.Below(MostLines - LeastLines + 1);
        List<MeetingLine> lines = [];
        var done = false;
        return new Errand(at, Lane(meeting), async token =>
        {
            var matters = meeting.Script.Seats.Matters[meeting.Yard.At(AreaLevel.Town)!.Value];
            ImportList? command = null;
            for (var i = 1; i <= count; i++)
            {
                var kind = chance.Fraction() switch { < 0.25 => LineKind.OnSpot, < 0.55 => LineKind.Village, _ => LineKind.Town };
                var matter = chance.Of(matters);
                lines.Add(new MeetingLine(
                    i, kind, identifiers.New(), Text(SimulationScript.TextOf(matter, chance)), meeting.Yard, matter.Code, Urgency.Normal, Hash(string.Create(CultureInfo.InvariantCulture, $"{meeting.Id}/{i}")), [],
                    kind == LineKind.OnSpot ? Text("当场解决。") : null));
            }

            var callers = driver.CallersOf(meeting.Head);
            var work = new MeetingWork(meeting.Id, "import-list", (_, _) => Task.FromResult<MeetingCommand>(command = new ImportList(ListSource.Form, Hash(meeting.Id), lines)), callers, at, at);
            work = work with
            {
                Beside = async (loaded, decided, _, ct) =>
                {
                    var file = ((Meeting.Known)loaded.State).File;
                    var cases = MeetingList.CasesOf(meeting.Id, file, decided.OfType<MeetingListImported>().Single(), command!.Lines);
                    return await Task.WhenAll(cases.Select(made => streams.PrepareAsync(
                        new CaseWork(made.Case, made.Command.Name, (_, _) => Task.FromResult(made.Command), callers, at, file.HeldAt ?? at), ct)));
                },
            };
            // Before it is appended: a line that is solved on the spot ends with it.
            _held[meeting.Id] = meeting;
            done = refusals.IsDone("meeting import-list", await streams.ExecuteAsync(work, token));
        },
        () => done ? lines.SelectMany(line => found(line.Case, -((meeting.Number * 10) + line.Number), at, meeting.Script)) : []);
    }

    /// <summary>The engine's word on its cases, as <c>follow-cases</c> on a host that runs; then the yard hears of it, and when all is told the account is struck off.</summary>
    private Errand Follow(Held meeting, DateTimeOffset at)
    {
        List<int> owed = [];
        return new Errand(at, Lane(meeting), async token =>
        {
            var loaded = await streams.LoadAsync(meeting.Id, token);
            if (loaded.State is not Meeting.Known { File: var file })
                return;
            var standings = await streams.StandingsAsync(file, token);
            var engine = new Caller(FeedbackNotices.Engine(file).Actor, new RoleAt(Role.System, file.Setup.Area));
            if (!refusals.IsDone("meeting follow-cases", await streams.ExecuteAsync(new MeetingWork(meeting.Id, "follow-cases", (_, _) => Task.FromResult<MeetingCommand>(new FollowCases(standings)), [engine], at, at), token)))
                return;
            owed = [.. ((Meeting.Known)(await streams.LoadAsync(meeting.Id, token)).State).File.Lines.Values.Where(line => line.IsFeedbackDue).Select(line => line.Number)];
        },
        () => owed.Count == 0 ? [] : [Tell(meeting, at, owed[0])]);
    }

    private Errand Tell(Held meeting, DateTimeOffset since, int first)
    {
        var chance = Chance.Of(meeting.Seed, "told", meeting.Number, first);
        var at = since + TimeSpan.FromHours(chance.Between(3, 70));
        var settled = false;
        return new Errand(at, Lane(meeting), async token =>
        {
            var file = ((Meeting.Known)(await streams.LoadAsync(meeting.Id, token)).State).File;
            List<int> owed = [.. file.Lines.Values.Where(line => line.IsFeedbackDue).Select(line => line.Number)];
            if (owed.Count > 0)
                await GiveAsync(meeting.Id, "give-feedback", meeting.Head, at, _ => new GiveFeedback(owed, FeedbackWay.InPerson, null, []), token);
            settled = (await streams.LoadAsync(meeting.Id, token)).State is Meeting.Listed { File.Lines: var lines } && lines.Values.All(line => line.IsAccountedFor);
        },
        () => settled ? [StrikeOff(meeting, meeting.Script.Rhythm.AtWork(at + TimeSpan.FromHours(chance.Between(2, 60)), chance), chance)] : []);
    }

    private Errand StrikeOff(Held meeting, DateTimeOffset at, Chance chance) => new(at, Lane(meeting), async token =>
    {
        if (meeting.Script.Seats.At(Role.VillageSecretary, meeting.Yard, chance) is not { } secretary || (await streams.LoadAsync(meeting.Id, token)).State is not Meeting.Listed { File: var file } || file.Lines.Values.Any(line => !line.IsAccountedFor))
            return;
        var standings = await streams.StandingsAsync(file, token);
        await GiveAsync(meeting.Id, "strike-off", secretary, at, _ => new StrikeOffMeeting(standings), token);
    });

    private async Task<bool> GiveAsync(string id, string command, string actor, DateTimeOffset at, Func<LoadedMeeting, MeetingCommand> build, CancellationToken cancellation) =>
        refusals.IsDone($"meeting {command}", await streams.ExecuteAsync(new MeetingWork(id, command, (loaded, _) => Task.FromResult(build(loaded)), driver.CallersOf(actor), at, at), cancellation));

    private static string Lane(Held meeting) => string.Create(CultureInfo.InvariantCulture, $"meeting:{meeting.Number}");

    private static MarkedText Text(string text) => new(text, []);

    private string Hash(string text) => Convert.ToHexStringLower(personal.RequestHash(Encoding.UTF8.GetBytes($"meeting list\n{text}")));
}
