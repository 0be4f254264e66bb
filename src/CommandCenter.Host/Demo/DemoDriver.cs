using System.Security.Cryptography;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Spots;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Demo;

/// <summary>Carries a step out by the one way to a case: the same access, decision, saga and transaction as over HTTP.</summary>
public sealed class DemoDriver(CaseStreams streams, SpotStreams spots, AgendaStreams agendas, IPolicies policies, StreamCommands commands, IEventLog log, EventCatalogue catalogue, PersonalText personal, FileShelf shelf, IOrganization live, Identifiers identifiers, TimeProvider clock)
{
    private OrganizationDirectory Current => live.Now;

    private readonly Dictionary<string, string> _photos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (InboxState State, long Version)> _inboxes = new(StringComparer.Ordinal);

    /// <param name="caseId">Null for a report.</param>
    /// <returns>The case, or null when the step was refused.</returns>
    public async Task<string?> CarryOutAsync(ScenarioStep step, string? caseId, CancellationToken cancellation)
    {
        // Who files an emergency has heard it; where somebody answered before, nothing happens.
        if (step is { Command: "file", Urgency: Urgency.Emergency } && caseId is not null)
            await CarryOutAsync(step with { Command = "acknowledge-alarm", Text = null }, caseId, cancellation);
        var id = caseId ?? identifiers.New();
        var seats = step.Actor == Callers.Resident ? [new RoleAt(Role.Resident, Current.District)] : Current.SeatsOf(Current.FindPerson(step.Actor)!);
        var callers = seats.Select(seat => new Caller(step.Actor, seat)).ToList();
        if (caseId is not null && step.Actor != Callers.Resident)
            await ReadNoticesAsync(CaseStreams.StreamOf(caseId).ToString(), callers[0], step.At, cancellation);
        var command = new CommandId(step.Actor, $"demo-{identifiers.New()}", personal.RequestHash([]));
        if (step.Command.StartsWith(ScenarioFolder.OfAgenda, StringComparison.Ordinal))
            return await OnAgendaAsync(step, id, callers, command, cancellation);
        var work = new CaseWork(id, step.Command, (loaded, token) => BuildAsync(step, loaded, token), callers, step.At, step.At, command);
        return await streams.ExecuteAsync(step.Spot is null ? work : spots.Routed(work), cancellation) is Outcome.Done or Outcome.Unchanged ? id : null;
    }

    /// <summary>A step on the list of the committee of the case's town. A meeting collects this case alone: in the past the read tables are not kept up yet.</summary>
    private async Task<string?> OnAgendaAsync(ScenarioStep step, string caseId, IReadOnlyList<Caller> callers, CommandId command, CancellationToken cancellation)
    {
        var which = await streams.LoadAsync(caseId, cancellation);
        var town = ((Case.Known)which.State).File.Town;
        await ReadNoticesAsync($"agenda:{town}", callers[0], step.At, cancellation);
        var work = new StreamWork<Agenda, AgendaCommand, AgendaEvent>(town.Value, step.Command[ScenarioFolder.OfAgenda.Length..], BuildAsync, callers, step.At, step.At, command);
        return await agendas.ExecuteAsync(town, work, cancellation) is Outcome.Done or Outcome.Unchanged ? caseId : null;

        async Task<AgendaCommand> BuildAsync(LoadedAgenda loaded, CancellationToken token)
        {
            var rules = policies.At(step.At).Current.Agenda ?? AgendaRules.Standard;
            Task<Domain.Cases.MarkedText> Text(string field) => personal.SealTextAsync(loaded.Stream, field, step.Text ?? "", token);
            var item = loaded.State.Of(caseId)?.Number ?? 0;
            switch (step.Command[ScenarioFolder.OfAgenda.Length..])
            {
                case "prepare":
                    CaseSummary? row = null;
                    foreach (var (stored, fact) in which.Facts)
                        row = CaseSummary.Apply(row, caseId, stored.StreamVersion, stored.Position.Position, fact, code => Current.FindCategory(code)?.Sector);
                    return new PrepareAgendaMeeting(
                        step.Until!.Value, rules.ReasonsFor(row!, step.At) is { Count: > 0 } reasons ? [new AgendaEntry(caseId, reasons)] : [], await agendas.StandingsAsync(loaded, token),
                        policies.At(step.At).Current.Version, rules, step.At);
                case "name-lead":
                    return new NameAgendaLead(item, step.Person!, Current.FindPerson(step.Person!)!.Roles[0].Role, step.Until!.Value, await Text("task"), step.At);
                case "report":
                    return new ReportAgendaProgress(item, await Text("report"));
                case "conclude":
                    return new ConcludeAgendaMeeting(await agendas.StandingsAsync(loaded, token), step.Text is null ? null : await Text("minutes"), step.At);
                case "appraise":
                    return new AppraiseAgendaItem(item, step.Satisfaction!.Value, await Text("appraisal"), await agendas.StandingsAsync(loaded, token));
                default:
                    throw new InvalidDataException($"A scenario cannot '{step.Command}'.");
            }
        }
    }

    /// <summary>Whoever acts in a case has read what they were told of it.</summary>
    private async Task ReadNoticesAsync(string subject, Caller reader, DateTimeOffset at, CancellationToken cancellation)
    {
        var stream = StreamCommands.InboxOf(reader.Actor);
        var (inbox, version) = _inboxes.GetValueOrDefault(reader.Actor, (InboxState.Empty, 0));
        foreach (var stored in await log.ReadStreamAsync(stream, version, cancellation))
            (inbox, version) = (inbox.Apply(commands.FactOf<InboxEvent>(stored)), stored.StreamVersion);
        _inboxes[reader.Actor] = (inbox, version);

        var unread = inbox.InOrder.Where(notice => notice.Standing is NoticeStanding.Unread or NoticeStanding.AtDesk && notice.Sent.Subject == subject).ToList();
        if (unread.Count == 0)
            return;
        var origin = new EventOrigin(reader.Actor, Names.Of(reader.Seat.Role), reader.Seat.Place.Value, at);
        await log.AppendAsync(
            new AppendRequest([new StreamAppend(stream, "inbox", new ExpectedVersion.StreamExists(), [.. unread.Select(notice => catalogue.Encode(new NoticeRead(notice.Id), origin, subject))])]), cancellation);
    }

    private async Task<CaseCommand> BuildAsync(ScenarioStep step, LoadedCase loaded, CancellationToken cancellation)
    {
        var photos = await PhotosAsync(step, cancellation);
        Task<Domain.Cases.MarkedText> Text(string field) => personal.SealTextAsync(loaded.Stream, field, step.Text ?? "", cancellation);
        switch (step.Command)
        {
            case "report" when step.Spot is { } code:
                var spot = Current.FindSpot(code)!;
                return new ReportCase(SpotRouting.Report(
                    spot, step.Source ?? CaseSource.QrCode, await personal.SealTextAsync(loaded.Stream, "text", step.Text ?? spot.Text(), cancellation), step.Urgency ?? Urgency.Normal, photos));
            case "report":
                var (area, point) = Place(step);
                var source = step.Source ?? CaseSource.GridWorker;
                return new ReportCase(new CaseReported(
                    source, await Text("text"), area, step.Category!, step.Urgency ?? Urgency.Normal, photos, point, Origin: step.Reference is { } reference ? new CaseOrigin(reference) : null,
                    VillageFirst: source == CaseSource.PartyMember ? true : null));
            case "pass-up":
                return new PassCaseUp(await Text("assessment"), step.Level!.Value, step.Households, step.CostFen);
            case "send-to-village":
                return new SendCaseToVillage(await Text("note"));
            case "settle":
                return new SettleCase(await Text("outcome"), photos);
            case "file":
                var level = step.Level ?? ((Case.Known)loaded.State).File.Level ?? MatterLevel.Town;
                return new FileCase(step.Category!, Current.FindCategory(step.Category!)!.Sector, step.Urgency ?? Urgency.Normal, await Text("note"), level);
            case "raise-level":
                return new RaiseCaseLevel(step.Level!.Value, await Text("reason"));
            case "take-on":
                return TakeOn(step, ((Case.Known)loaded.State).File);
            case "request-transfer":
                return new RequestCaseTransfer(step.Area!.Value, await Text("reason"));
            case "accept-transfer":
                return new AcceptCaseTransfer(step.Area!.Value);
            case "decline-transfer":
                return new DeclineCaseTransfer(await Text("reason"));
            case "transfer":
                return new TransferCase(step.Area!.Value, await Text("reason"));
            case "refuse":
                return new RefuseCase(RefusalReason.Duplicate, await Text("note"));
            case "acknowledge-alarm":
                return new AcknowledgeAlarm(((Case.Known)loaded.State).File.Town);
            case "dispatch":
                return new DispatchCase(Current.FindPost(((Case.Known)loaded.State).File.Town, step.Post!)!.Sector, Unit.OfPost(step.Post!), await Text("instructions"), step.Person);
            case "claim":
                return new ClaimCase();
            case "return":
                return new ReturnCase(await Text("reason"));
            case "plan":
                return new PlanCase(await Text("plan"), step.Until);
            case "record-funding":
                return new RecordFunding(step.CostFen!.Value, await Text("from"));
            case "progress":
                return new ProgressCase(await Text("note"), [], photos);
            case "ask-suspension":
                return new AskSuspension(step.Reason!.Value, step.Until!.Value, await Text("reason"), step.At);
            case "approve-suspension":
                return new ApproveSuspension(await Text("note"), step.At);
            case "resume":
                return new ResumeCase(await Text("note"));
            case "ask-extension":
                return new AskExtension(step.Days!.Value, await Text("reason"), step.At);
            case "approve-extension":
                return new ApproveExtension(await Text("note"), step.At);
            case "complete":
                return new CompleteCase(await Text("outcome"), photos);
            case "verify":
                var passed = step.Result != FixResult.NotFixed;
                return new VerifyCase(passed, await Text(passed ? "note" : "reason"), photos);
            case "rate":
                return new RateCase(step.Satisfaction!.Value, step.Result!.Value, await Text("comment"));
            case "close":
                return new CloseCase(await Text("summary"));
            default:
                throw new InvalidDataException($"A scenario cannot '{step.Command}'.");
        }
    }

    private TakeOnCase TakeOn(ScenarioStep step, CaseFile file)
    {
        var department = Current.FindDepartment(Current.FindPerson(step.Actor)!.Roles.First(seat => seat.Role == Role.Department).Department!)!;
        var sector = file.Sector ?? Current.FindCategory(file.Category)!.Sector;
        return new TakeOnCase(sector, Unit.OfDepartment(department.Code), department.Remit.Contains(file.Category, StringComparer.Ordinal));
    }

    private (AreaCode Area, ReportedPoint? Point) Place(ScenarioStep step)
    {
        if (step is not { Latitude: { } latitude, Longitude: { } longitude })
            return (step.Area!.Value, null);
        var read = (GeoPointReading.Read)Coordinates.FromDegrees(latitude, longitude, CoordinateSystem.Wgs84);
        return (Current.GridAt(read.Point)!.Value, new ReportedPoint(read.Point.LatitudeE7, read.Point.LongitudeE7, CoordinateSystem.Wgs84, 8));
    }

    private async Task<IReadOnlyList<string>> PhotosAsync(ScenarioStep step, CancellationToken cancellation)
    {
        var hashes = new List<string>();
        foreach (var name in step.Photos ?? [])
        {
            if (!_photos.TryGetValue(name, out var hash))
            {
                await using var file = File.OpenRead(Path.Combine(ScenarioFolder.Bundled, name));
                hash = SealedFiles.HashOf(await SHA256.HashDataAsync(file, cancellation));
                await shelf.PutAsync(hash, FileType.Png.MediaType, file, step.Actor, clock.GetUtcNow(), cancellation: cancellation);
                _photos[name] = hash;
            }

            hashes.Add(hash);
        }

        return hashes;
    }
}
