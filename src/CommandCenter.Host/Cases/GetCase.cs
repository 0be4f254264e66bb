using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Cases;

/// <summary>Somebody who acted.</summary>
/// <param name="For">Whom they acted for, who was absent; missing when they spoke for themselves.</param>
public sealed record ActorView(string Id, string Name, string NameEn, Role Role, AreaCode Place, PersonName? For = null);

/// <summary>The reporter's contact, as this reader may see it.</summary>
public sealed record ReporterView(PersonalValue? Name = null, PersonalValue? Phone = null);

/// <summary>What the reporter said of the result.</summary>
public sealed record RatingView(int Satisfaction, FixResult Result, string? Comment = null);

/// <summary>A case as its page shows it, folded from its stream.</summary>
/// <param name="Number">Missing for a moment after the report, until the read side has numbered it.</param>
/// <param name="Point">Only for those who may see where exactly; others have the grid.</param>
/// <param name="Photos">Those that this reader may open.</param>
/// <param name="PhotosHidden">How many there are besides.</param>
/// <param name="Attachments">Those of all that happened to it, in order, that this reader may open.</param>
/// <param name="AttachmentsHidden">How many there are besides.</param>
/// <param name="Details">What came of it on its way.</param>
/// <param name="Possible">The commands that this caller may give now, in the order of the loop.</param>
public sealed record CaseDetail(
    string Id,
    string? Number,
    long Version,
    CaseStage Stage,
    CaseSource Source,
    string Text,
    string Category,
    Sector Sector,
    Urgency Urgency,
    AreaCode Area,
    PointView? Point,
    PersonalValue? Address,
    ReporterView? Reporter,
    ActorView ReportedBy,
    DateTimeOffset ReportedAt,
    DateTimeOffset HappenedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<string> Photos,
    int PhotosHidden,
    IReadOnlyList<AttachmentView> Attachments,
    int AttachmentsHidden,
    Assignment? Assignment,
    RatingView? Rating,
    Clock? Clock,
    DateTimeOffset? DueAt,
    bool Late,
    EscalationLevel? Level,
    DateTimeOffset? HardLimitAt,
    CaseDetails Details,
    IReadOnlyList<string> Possible);

/// <summary><c>GET /api/cases/{id}</c></summary>
public static class GetCase
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/cases/{id}", HandleAsync)
        .Query<CaseDetail>("getCase", "A case, as this caller may see it", versioned: true);

    private static async Task<IResult> HandleAsync(
        HttpContext context, string id, CaseStreams streams, PersonalText personal, NamedFiles named, OrganizationDirectory organization, IOrganization said, NpgsqlDataSource database, ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, CaseTable.TableName);
        var (loaded, file) = await VisibleCase.LoadAsync(id, callers, streams, cancellation);

        var now = clock.GetUtcNow();
        var open = callers.Any(caller => CaseAccess.MaySeePersonalData(caller, file));
        var stream = loaded.Stream;
        var report = loaded.Facts[0];
        var summary = Summary(loaded, said);
        var point = open ? PointView.Of(file.Report.Point) : null;
        var reporter = file.Report.Reporter is { } r
            ? new ReporterView(
                await personal.ReadAsync(r.Name, stream, "reporter.name", open, cancellation),
                await personal.ReadAsync(r.Phone, stream, "reporter.phone", open, cancellation))
            : null;
        var rating = file.Rating is { } given
            ? new RatingView(given.Satisfaction, given.Result, given.Comment is { } c ? await personal.ReadAsync(c, stream, "comment", open, cancellation) : null)
            : null;
        var possible = CaseDecider.Possible(loaded.State).Where(name => callers.Any(caller => CaseAccess.May(caller, name, loaded.State)));

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new CaseDetail(
            id, await NumberAsync(database, id, cancellation), loaded.Version, loaded.State.Stage!.Value, file.Report.Source,
            await personal.ReadAsync(file.Report.Text, stream, "text", open, cancellation),
            file.Category, summary.Sector, file.Urgency, file.Area, point,
            await personal.ReadAsync(file.Report.Address, stream, "address", open, cancellation),
            reporter, Actors.View(file.ReportedBy, organization), file.ReportedAt, report.Fact.HappenedAt, loaded.Facts[^1].Stored.RecordedAt, open ? file.Report.Photos : [], open ? 0 : file.Report.Photos.Count,
            open ? await named.ReadAsync(loaded, cancellation) : [], open ? 0 : NamedFiles.Count(loaded),
            file.Assignment, rating, summary.DueClock, summary.DueAt, summary.IsLate(now), summary.Level, summary.HardLimitAt, await CaseDetails.OfAsync(loaded, file, personal, said.History, open, cancellation), [.. possible]));
    }

    private static CaseSummary Summary(LoadedCase loaded, IOrganization organization)
    {
        CaseSummary? summary = null;
        foreach (var (stored, fact) in loaded.Facts)
            summary = CaseSummary.Apply(summary, loaded.Stream.Id, stored.StreamVersion, stored.Position.Position, fact, code => organization.AsOf(stored.Position.Position).CategoryAt(stored.RecordedAt, code)?.Sector);
        return summary!;
    }

    private static async Task<string?> NumberAsync(NpgsqlDataSource database, string id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select number from board_cases_v1 where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }
}
