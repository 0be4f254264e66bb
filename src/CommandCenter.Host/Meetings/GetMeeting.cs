using CommandCenter.Domain.Access;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Meetings;

/// <summary>Who came.</summary>
/// <param name="OverHalf">Whether the villagers had more than half of the time; missing where nobody measured it.</param>
public sealed record AttendanceView(int Participants, int HouseholdsPresent, int? VillagersFloorPercent, bool? OverHalf);

/// <summary>A meeting as its page shows it, folded from its stream.</summary>
/// <param name="Policy">The version of the meeting policy that it was called under.</param>
/// <param name="StartsAt">As planned; missing for a meeting without a plan.</param>
/// <param name="Photos">Those of the minutes and of feedback that this reader may open.</param>
/// <param name="PhotosHidden">How many there are besides.</param>
/// <param name="Attachments">Those of all that happened to it, in order, that this reader may open.</param>
/// <param name="AttachmentsHidden">How many there are besides.</param>
/// <param name="Lines">Its account, line by line.</param>
/// <param name="ReconciledAt">When the account was last held against the cases.</param>
/// <param name="Possible">The commands that this caller may give now, in the order of the loop.</param>
public sealed record MeetingDetail(
    string Id,
    long Version,
    MeetingStage Stage,
    MeetingTier Tier,
    MeetingForm Form,
    AreaCode Area,
    Role HostRole,
    IReadOnlyList<string> Agenda,
    IReadOnlyList<string> Topics,
    string? Venue,
    string Policy,
    MeetingPerson RegisteredBy,
    DateTimeOffset? StartsAt,
    DateTimeOffset? HeldAt,
    AttendanceView? Attendance,
    string? Minutes,
    IReadOnlyList<string> Photos,
    int PhotosHidden,
    IReadOnlyList<AttachmentView> Attachments,
    int AttachmentsHidden,
    IReadOnlyList<LineView> Lines,
    DateTimeOffset? ReconciledAt,
    IReadOnlyList<string> Possible);

/// <summary><c>GET /api/meetings/{id}</c></summary>
public static class GetMeeting
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/meetings/{id}", HandleAsync)
        .Query<MeetingDetail>("getMeeting", "A yard meeting with its account", versioned: true);

    private static async Task<IResult> HandleAsync(
        HttpContext context, string id, MeetingStreams streams, PersonalText personal, NamedFiles named, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Cases);
        var (loaded, file) = await MeetingEndpoint.VisibleAsync(id, callers, streams, cancellation);

        var open = callers.Any(caller => MeetingAccess.MaySeePersonalData(caller, file));
        List<string> photos = [.. loaded.Facts.SelectMany(fact => MeetingPhotos.Of(fact.Fact.Event)).Distinct(StringComparer.Ordinal)];
        var attendance = file.Attendance is { } a ? new AttendanceView(a.Participants, a.HouseholdsPresent, a.VillagersFloorPercent, a.VillagersFloorPercent is { } percent ? percent > 50 : null) : null;
        var possible = MeetingDecider.Possible(loaded.State).Where(name => callers.Any(caller => MeetingAccess.May(caller, name, loaded.State)));

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new MeetingDetail(
            id, loaded.Version, loaded.State.Stage!.Value, file.Setup.Tier, file.Setup.Form, file.Setup.Area, file.Setup.HostRole, file.Setup.Agenda, file.Setup.Topics,
            file.Setup.Venue is { } venue ? await personal.ReadAsync(venue, loaded.Stream, "setup.venue", open, cancellation) : null,
            file.Policy, MeetingPerson.Of(file.RegisteredBy, organization), file.StartsAt, file.HeldAt, attendance,
            file.Minutes is { } minutes ? await personal.ReadAsync(minutes.Minutes, loaded.Stream, "minutes", open, cancellation) : null,
            open ? photos : [], open ? 0 : photos.Count, open ? await named.ReadAsync(loaded, cancellation) : [], open ? 0 : NamedFiles.Count(loaded),
            await LineViews.OfAsync(file, database, organization, cancellation), file.ReconciledAt, [.. possible]));
    }
}
