using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Listings;

/// <summary>Something that happened to a listing.</summary>
/// <param name="Type">The event's alias.</param>
/// <param name="Text">What the plate, a report or the proof says, as this reader may see it.</param>
/// <param name="Step">Of a step of its ladder: which.</param>
/// <param name="StepDueAt">When the step was due, which after downtime is before it was taken.</param>
/// <param name="DueAt">Of a recount: the new limit.</param>
public sealed record ListingEntry(string Type, SupervisorView By, DateTimeOffset At, string? Text = null, string? Step = null, DateTimeOffset? StepDueAt = null, bool? Raised = null, DateTimeOffset? DueAt = null);

/// <summary>A step of the listing's ladder still ahead.</summary>
public sealed record ListingStepView(string Name, DateTimeOffset DueAt, bool Raises);

/// <summary>The listing of a case, with all that happened to it.</summary>
/// <param name="Rounds">Every listing of the case, the newest first; missing for a moment, until the read side has numbered it.</param>
/// <param name="Possible">The commands that this caller may give now.</param>
public sealed record ListingDetail(
    string CaseId, long Version, IReadOnlyList<ListingItem> Rounds, IReadOnlyList<ListingEntry> History, IReadOnlyList<ListingStepView> Ahead, IReadOnlyList<AttachmentView> Attachments, int AttachmentsHidden,
    IReadOnlyList<string> Possible);

/// <summary><c>GET /api/listings/{caseId}</c> and <c>GET /api/listings/{caseId}/attachments/{file}</c></summary>
public static class GetListing
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/listings/{caseId}", HandleAsync).Query<ListingDetail>("getListing", "The listing of a case, with its history", versioned: true);
        routes.MapGet("/api/listings/{caseId}/attachments/{file}", AttachmentAsync)
            .FileDownload("getListingAttachment", "An attachment of a listing, for the town that reports and the district that supervises");
    }

    private static async Task<IResult> HandleAsync(
        HttpContext context, string caseId, ListingStreams streams, PersonalText personal, NamedFiles named, OrganizationDirectory organization, IPolicies policies, NpgsqlDataSource database,
        ReadPositions positions, TimeProvider clock)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        var (loaded, file) = await VisibleAsync(caseId, callers, streams, cancellation);
        var open = callers.Any(caller => ListingAccess.MaySeePersonalData(caller, file));
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Listings);
        List<ListingEntry> history = [];
        foreach (var (stored, fact) in loaded.Facts)
        {
            var by = new SupervisorView(fact.By.Actor, organization.KnownPerson(fact.By.Actor) is { } known ? new Message(known.Name, known.NameEn) : null, fact.By.Role);
            history.Add(fact.Event switch
            {
                ListingOpened e => new ListingEntry(stored.Type, by, fact.RecordedAt, e.Plate is null ? null : await ReadAsync(e.Plate, "plate")),
                ListingProgressed e => new ListingEntry(stored.Type, by, fact.RecordedAt, await ReadAsync(e.Progress, "progress")),
                ListingStepTaken e => new ListingEntry(stored.Type, by, fact.RecordedAt, Step: e.Step, StepDueAt: e.StepDueAt, Raised: e.Raised),
                ListingRecounted e => new ListingEntry(stored.Type, by, fact.RecordedAt, DueAt: e.DueAt),
                ListingLifted e => new ListingEntry(stored.Type, by, fact.RecordedAt, await ReadAsync(e.Proof, "proof")),
                _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} has no words."),
            });
        }

        var state = loaded.State;
        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new ListingDetail(
            caseId, loaded.Version, await ListListings.ReadAsync("l.case_id = $1", [caseId], database, organization, clock.GetUtcNow(), cancellation), history,
            state is Listing.Listed ? [.. ListingSaga.StepsAhead(file, policies.Now, organization).Select(ahead => new ListingStepView(ahead.Step.Name, ahead.DueAt, ahead.Step.Raise == true))] : [],
            open ? await named.ReadAsync(loaded, cancellation) : [], open ? 0 : NamedFiles.Count(loaded),
            [.. ListingDecider.Possible(state).Where(command => callers.Any(caller => ListingAccess.May(caller, command, state)))]));

        Task<string> ReadAsync(Domain.Cases.MarkedText text, string field) => personal.ReadAsync(text, loaded.Stream, field, open, cancellation);
    }

    private static async Task<IResult> AttachmentAsync(HttpContext context, string caseId, string file, ListingStreams streams, NamedFiles named, OrganizationDirectory organization)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, listing) = await VisibleAsync(caseId, callers, streams, context.RequestAborted);
        return callers.Any(caller => ListingAccess.MaySeePersonalData(caller, listing)) ? await named.DownloadAsync(context, loaded, file) : throw Problems.NotAllowed();
    }

    /// <exception cref="ProblemException">The case was never listed, or not for this caller.</exception>
    private static async Task<(LoadedListing Loaded, ListingFile File)> VisibleAsync(string caseId, IReadOnlyList<Caller> callers, ListingStreams streams, CancellationToken cancellation)
    {
        if (!EventStore.StreamKey.IsId(caseId) || await streams.LoadAsync(caseId, cancellation) is not { State: Listing.Known { File: var file } } loaded)
            throw Problems.Unknown(streams.Kind.Category, streams.Kind.Noun);
        return callers.Any(caller => ListingAccess.MaySee(caller, file)) ? (loaded, file) : throw Problems.NotAllowed();
    }
}
