using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Simulation;

/// <summary>
/// Cases of a district on a host that runs, over HTTP and in everybody's own name, so many times faster than life. The host counts its deadlines by its own clock, and so does everybody here: half of
/// a limit is waited for as half of that limit, divided by the speed.
/// </summary>
public sealed class LiveSimulation(HttpClient http, DayCalendar calendar, TimeProvider clock)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Reading = ReadingOptions();

    private readonly PriorityQueue<Errand, (DateTimeOffset At, long Order)> _queue = new();
    private readonly SimulationRefusals _refusals = new();
    private readonly Identifiers _keys = new(clock);
    private long _order;
    private long _number;
    private long _events;
    private int _reports;
    private string? _photo;

    /// <summary>What a step needs to know of a case.</summary>
    private sealed record CaseView(
        string Id, long Version, CaseStage Stage, string Text, string Category, Sector Sector, Urgency Urgency, AreaCode Area, DateTimeOffset ReportedAt, DateTimeOffset UpdatedAt, Assignment? Assignment, RatingView? Rating,
        DateTimeOffset? DueAt, EscalationLevel? Level, DetailsView Details);

    private sealed record RatingView(FixResult Result);

    private sealed record DetailsView(IReadOnlyList<Unit>? ReturnedBy = null);

    private sealed record OrganizationView(
        string TimeZone, IReadOnlyList<Area> Areas, IReadOnlyList<Post> Posts, IReadOnlyList<Person> People, IReadOnlyList<Category> Categories, IReadOnlyList<Department> Departments);

    private sealed record Receipt(string Id);

    private sealed record PhotoView(string Photo);

    private sealed record ProblemView(string? Code);

    /// <summary>Plays until as many days as asked for have passed at the speed.</summary>
    /// <param name="speed">Above 0; 60 is a day in 24 minutes.</param>
    /// <exception cref="StartRefusedException">There is no command center at the address.</exception>
    public async Task<SimulationReport> PlayAsync(SimulationPlan plan, double speed, IProgress<SimulationProgress>? progress, CancellationToken cancellation)
    {
        var organization = await OrganizationAsync(cancellation);
        var rhythm = new SimulationRhythm(calendar, organization.TimeZone, plan.Seed);
        var script = new SimulationScript(new SimulatedSeats(organization), rhythm, plan.Seed);
        var started = clock.GetTimestamp();
        var told = started;
        for (var day = rhythm.DayOf(plan.From); rhythm.At(day, 0) < plan.To; day = day.AddDays(1))
            BeginDay(day, plan, script);
        while (Now() is var now && now < plan.To)
        {
            List<Errand> due = [];
            while (_queue.TryPeek(out var first, out _) && first.At <= now)
                due.Add(_queue.Dequeue());
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (errand, token) => await errand.RunAsync(token));
            foreach (var follows in due.SelectMany(errand => errand.Afterwards?.Invoke() ?? []).ToList())
                Enqueue(follows);
            if (clock.GetElapsedTime(told) >= ProgressEvery)
            {
                told = clock.GetTimestamp();
                progress?.Report(Progress(now));
            }

            if (due.Count == 0)
                await Task.Delay(Sleep(now), clock, cancellation);
        }

        progress?.Report(Progress(plan.To));
        return new SimulationReport(_events, _reports, 0, 0, 0, 0, _refusals.Counted, clock.GetElapsedTime(started));

        DateTimeOffset Now() => plan.From + (clock.GetElapsedTime(started) * speed);

        TimeSpan Sleep(DateTimeOffset now)
        {
            var wait = _queue.TryPeek(out var first, out _) ? (first.At - now) / speed : LongestSleep;
            return wait < LongestSleep ? wait + TimeSpan.FromMilliseconds(1) : LongestSleep;
        }

        SimulationProgress Progress(DateTimeOffset at) => new((at - plan.From).TotalDays, (plan.To - plan.From).TotalDays, _events, clock.GetElapsedTime(started));
    }

    private void Enqueue(Errand errand) => _queue.Enqueue(errand, (errand.At, _order++));

    private void BeginDay(DateOnly day, SimulationPlan plan, SimulationScript script)
    {
        foreach (var town in script.Seats.Towns)
        {
            var key = (day.DayNumber * 1_000_000L) + long.Parse(town.Value[6..], CultureInfo.InvariantCulture);
            var count = script.Rhythm.CountOn(day, SimulatedDistrict.CasesAYear * plan.Share * SimulatedDistrict.PartOf(town), Chance.Of(plan.Seed, "cases", key));
            for (var i = 0; i < count; i++)
            {
                var number = ++_number;
                var at = script.Rhythm.InstantOn(day, Chance.Of(plan.Seed, "arrival", number));
                if (at >= plan.From && at < plan.To && script.Report(number, town, at) is { } step)
                    Enqueue(Report(number, step, script));
            }
        }
    }

    private Errand Report(long number, SimulatedStep step, SimulationScript script)
    {
        CaseView? row = null;
        return new Errand(step.At, "", async token =>
        {
            if (await PostAsync(step, "/api/cases", token) is not { } id)
                return;
            Interlocked.Increment(ref _reports);
            row = await CaseAsync(id, step, script, token);
        },
        () => row is null ? [] : Goes(script.Life(number) with { Steps = 1 }, row, step.At, script));
    }

    private IEnumerable<Errand> Goes(SimulatedCase life, CaseView row, DateTimeOffset since, SimulationScript script)
    {
        if (script.Next(life, Summary(row, since), since, other: null) is not { } step)
            return [];
        CaseView? after = null;
        return [new Errand(step.At, "", async token =>
        {
            await PostAsync(step, $"/api/cases/{row.Id}/{step.Command}", token);
            after = await CaseAsync(row.Id, step, script, token);
        },
        () => after is null ? [] : Goes(life.After(step), after, step.At, script))];
    }

    /// <summary>The case as a row whose limit lies as far after the last step as the host's limit after its last change.</summary>
    private static CaseSummary Summary(CaseView row, DateTimeOffset since)
    {
        var clocks = System.Collections.Immutable.ImmutableSortedDictionary<Clock, SummaryClock>.Empty;
        if (row.DueAt is { } due && due > row.UpdatedAt)
            clocks = clocks.Add(Clock.Handle, new SummaryClock(since + (due - row.UpdatedAt), row.Level));
        return new CaseSummary(
            row.Id, row.Version, 0, row.Stage, row.Text, row.Category, row.Sector, row.Urgency, row.Area, "", Role.GridWorker, row.ReportedAt, row.UpdatedAt, 0, clocks,
            row.Assignment?.Unit, row.Assignment?.ClaimedBy, row.Rating?.Result == FixResult.NotFixed, Returns: row.Details.ReturnedBy?.Count ?? 0, Highest: row.Level);
    }

    private async Task<OrganizationDirectory> OrganizationAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync("/api/organization", cancellation);
            answer.EnsureSuccessStatusCode();
            var view = JsonSerializer.Deserialize<OrganizationView>(await answer.Content.ReadAsStringAsync(cancellation), Reading)!;
            return new OrganizationDirectory(TimeZoneInfo.FindSystemTimeZoneById(view.TimeZone), view.Areas, view.Posts, view.People, view.Categories, [], view.Departments);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw new StartRefusedException($"{http.BaseAddress} 没有可用的指挥中心。 There is no command center at {http.BaseAddress}: {e.Message}", e);
        }
    }

    private async Task<CaseView?> CaseAsync(string id, SimulatedStep step, SimulationScript script, CancellationToken cancellation)
    {
        // The center sees everything of its town.
        var town = step.Area?.At(AreaLevel.Town) ?? script.Seats.Towns.FirstOrDefault(one => script.Seats.Organization.FindPerson(step.Actor)?.Roles.Any(seat => one.Contains(seat.Place)) == true);
        foreach (var reader in script.Seats.Towns.OrderByDescending(one => one == town).Select(one => script.Seats.At(Role.CenterOperator, one, Chance.Of(0, id, 0))).OfType<string>())
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/cases/{id}");
            request.Headers.Add("X-Actor", reader);
            using var answer = await http.SendAsync(request, cancellation);
            if (answer.IsSuccessStatusCode)
                return JsonSerializer.Deserialize<CaseView>(await answer.Content.ReadAsStringAsync(cancellation), Reading);
        }

        return null;
    }

    /// <returns>The case's id; null when it was not allowed.</returns>
    private async Task<string?> PostAsync(SimulatedStep step, string path, CancellationToken cancellation)
    {
        var photo = step.Photo ? await PhotoAsync(step.Actor, cancellation) : null;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(JsonSerializer.Serialize(Body(step, photo), DomainJson.Options), new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("X-Actor", step.Actor);
        request.Headers.Add("Idempotency-Key", _keys.New());
        using var answer = await http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        if (answer.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref _events);
            return JsonSerializer.Deserialize<Receipt>(text, Reading)!.Id;
        }

        _refusals.Note(step.Command, JsonSerializer.Deserialize<ProblemView>(text, Reading)?.Code ?? answer.StatusCode.ToString());
        return null;
    }

    private async Task<string> PhotoAsync(string actor, CancellationToken cancellation)
    {
        if (_photo is { } known)
            return known;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/photos") { Content = new ByteArrayContent([.. SimulationDriver.Picture]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        request.Headers.Add("X-Actor", actor);
        using var answer = await http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        return _photo = JsonSerializer.Deserialize<PhotoView>(await answer.Content.ReadAsStringAsync(cancellation), Reading)!.Photo;
    }

    private static Dictionary<string, object?> Body(SimulatedStep step, string? photo)
    {
        string[]? photos = photo is null ? null : [photo];
        var body = step.Command switch
        {
            "report" => new Dictionary<string, object?> { ["text"] = step.Text, ["category"] = step.Category, ["urgency"] = step.Urgency, ["area"] = step.Area, ["source"] = step.Source == CaseSource.Hotline ? CaseSource.Center : step.Source },
            "pass-up" => new() { ["assessment"] = step.Text, ["level"] = step.Level, ["households"] = step.Amount },
            "settle" or "complete" => new() { ["outcome"] = step.Text, ["photos"] = photos },
            "report-check" => new() { ["finding"] = CheckFinding.Confirmed, ["note"] = step.Text },
            "refuse" => new() { ["reason"] = step.Refusal, ["note"] = step.Text },
            "redirect" => new() { ["service"] = EmergencyService.Police, ["note"] = step.Text },
            "file" => new() { ["category"] = step.Category, ["urgency"] = step.Urgency, ["note"] = step.Text, ["level"] = step.Level },
            "dispatch" => new() { ["unit"] = step.Unit, ["instructions"] = step.Text },
            "claim" or "acknowledge-alarm" => [],
            "return" or "reopen" or "appeal-lateness" => new() { ["reason"] = step.Text },
            "ask-extension" => new() { ["amount"] = step.Amount, ["reason"] = step.Text },
            // By the host's clock, whatever is played.
            "ask-suspension" => new() { ["for"] = step.Reason, ["until"] = step.Until, ["reason"] = step.Text },
            "answer-supervision" => new() { ["answer"] = step.Text },
            "verify" => new() { ["passed"] = step.Yes, ["note"] = step.Text },
            "rate" => new() { ["satisfaction"] = step.Satisfaction, ["result"] = step.Result, ["comment"] = step.Text },
            "close" => new() { ["summary"] = step.Text },
            "review-appeal" => new() { ["upheld"] = step.Yes, ["reason"] = step.Text },
            "send-to-village" or "check" or "progress" or "approve-extension" or "approve-suspension" or "resume" or "urge" or "supervise" => new() { ["note"] = step.Text },
            _ => throw new InvalidDataException($"The simulation cannot '{step.Command}' over HTTP."),
        };
        return body.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
    }

    private static JsonSerializerOptions ReadingOptions()
    {
        var options = new JsonSerializerOptions();
        DomainJson.Apply(options);
        // Of an answer only what is asked for is read.
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
        options.RespectRequiredConstructorParameters = false;
        return options;
    }
}
