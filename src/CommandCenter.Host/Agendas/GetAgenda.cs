using CommandCenter.Domain.Access;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Agendas;

/// <summary>A meeting of the committee.</summary>
/// <param name="Missed">The items whose reports were missing.</param>
public sealed record AgendaMeetingView(int Number, DateTimeOffset StartsAt, AgendaMeetingStage Stage, DateTimeOffset PreparedAt, DateTimeOffset? EndedAt, string? Minutes, IReadOnlyList<int> Missed);

/// <summary>A report of a lead.</summary>
public sealed record AgendaReportView(int Meeting, string Report, AgendaPerson By, DateTimeOffset At);

/// <summary>A matter on the list, with all that was said of it.</summary>
/// <param name="Meeting">For which it was collected.</param>
/// <param name="Note">Why it was put there by hand, or why it was struck.</param>
/// <param name="Task">What its lead is to do.</param>
/// <param name="Outcome">What became of the case; missing while it is in hand.</param>
/// <param name="Appraisal">With <paramref name="Score"/>, once it was appraised.</param>
/// <param name="Possible">What this caller may do with it now.</param>
public sealed record AgendaItemView(
    AgendaListItem Item, int Meeting, string? Note, string? Task, IReadOnlyList<AgendaReportView> Reports, IReadOnlyList<int> MissedMeetings, LineOutcome? Outcome, int? Score, string? Appraisal,
    DateTimeOffset? LeftAt, IReadOnlyList<string> Possible);

/// <summary>The list of a town's party work committee.</summary>
/// <param name="Meetings">The newest first.</param>
/// <param name="Items">What is on the list first, the newest first.</param>
/// <param name="Attachments">Those of all that happened to it, in order, that this reader may open.</param>
/// <param name="Rules">By which cases are collected now.</param>
/// <param name="Possible">The commands that this caller may give now.</param>
public sealed record AgendaDetail(
    AreaCode Town, long Version, IReadOnlyList<AgendaMeetingView> Meetings, IReadOnlyList<AgendaItemView> Items, IReadOnlyList<AttachmentView> Attachments, int AttachmentsHidden, AgendaRules Rules,
    IReadOnlyList<string> Possible);

/// <summary><c>GET /api/agendas/{town}</c></summary>
public static class GetAgenda
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/agendas/{town}", HandleAsync)
        .Query<AgendaDetail>("getAgenda", "The list of a town's party work committee (末议题)", versioned: true);

    private static async Task<IResult> HandleAsync(
        HttpContext context, string town, AgendaStreams streams, AgendaEndpoint endpoint, PersonalText personal, NamedFiles named, OrganizationDirectory organization, NpgsqlDataSource database,
        ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var code = AgendaEndpoint.TownOf(town, organization);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Cases);
        var loaded = await streams.LoadAsync(code, cancellation);
        var state = loaded.State;
        if (!callers.Any(caller => AgendaAccess.MaySee(caller, code, state)))
            throw Problems.NotAllowed();

        var open = callers.Any(caller => AgendaAccess.MaySeePersonalData(caller, code, state));
        var now = clock.GetUtcNow();
        var cases = await AgendaViews.CasesAsync(state.Items.Select(item => item.Case), database, cancellation);
        var notes = new Dictionary<int, string>();
        var appraisals = new Dictionary<int, string>();
        var minutes = new Dictionary<int, (string? Minutes, IReadOnlyList<int> Missed)>();
        var listed = 0;
        foreach (var (_, fact) in loaded.Facts)
        {
            switch (fact.Event)
            {
                case AgendaMeetingPrepared e:
                    listed += e.Items.Count;
                    break;
                case AgendaItemAdded e:
                    notes[++listed] = await ReadAsync(e.Reason, "reason");
                    break;
                case AgendaItemStruck e:
                    notes[e.Item] = await ReadAsync(e.Reason, "reason");
                    break;
                case AgendaItemAppraised e:
                    appraisals[e.Item] = await ReadAsync(e.Appraisal, "appraisal");
                    break;
                case AgendaMeetingConcluded e:
                    minutes[e.Number] = (e.Minutes is null ? null : await ReadAsync(e.Minutes, "minutes"), [.. e.Missed.Select(missed => missed.Item)]);
                    break;
                case AgendaMeetingCancelled e:
                    minutes[e.Number] = (await ReadAsync(e.Reason, "reason"), []);
                    break;
            }
        }

        List<AgendaItemView> items = [];
        foreach (var item in state.Items.OrderByDescending(item => item.IsOpen).ThenByDescending(item => item.Number))
            items.Add(await ViewAsync(item));
        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        return TypedResults.Ok(new AgendaDetail(
            code, loaded.Version,
            [
                .. state.Meetings.Reverse().Select(meeting => new AgendaMeetingView(
                    meeting.Number, meeting.StartsAt, meeting.Stage, meeting.PreparedAt, meeting.EndedAt, minutes.GetValueOrDefault(meeting.Number).Minutes, minutes.GetValueOrDefault(meeting.Number).Missed ?? [])),
            ],
            items, open ? await named.ReadAsync(loaded, cancellation) : [], open ? 0 : NamedFiles.Count(loaded), endpoint.Rules,
            [.. AgendaDecider.Possible(state).Where(command => callers.Any(caller => AgendaAccess.May(caller, command, code, state)))]));

        Task<string> ReadAsync(Domain.Cases.MarkedText text, string field) => personal.ReadAsync(text, loaded.Stream, field, open, cancellation);

        async Task<AgendaItemView> ViewAsync(AgendaItem item)
        {
            List<AgendaReportView> reports = [];
            foreach (var report in item.Reports)
                reports.Add(new AgendaReportView(report.Meeting, await ReadAsync(report.Report, "report"), AgendaPerson.Of(report.By.Actor, report.By.Role, organization), report.At));
            return new AgendaItemView(
                AgendaViews.ListItem(code, state, item, cases, organization, now), item.Meeting, notes.GetValueOrDefault(item.Number),
                item.Lead?.Task is { } task ? await ReadAsync(task, "task") : null, reports, item.Missed, item.Outcome, item.Score, appraisals.GetValueOrDefault(item.Number), item.LeftAt,
                [
                    .. AgendaDecider.Possible(item).Where(command => callers.Any(caller => AgendaAccess.May(caller, command, code, state)
                        && (command != "appraise" || !caller.Is(item.Lead?.Person))
                        && (command != "report" || caller.Is(item.Lead?.Person) || caller.Seat.Role is Role.Office or Role.TownLeader))),
                ]);
        }
    }
}
