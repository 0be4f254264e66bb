using CommandCenter.Domain.Access;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Meetings;

/// <summary>Something that the yard was told, as it was recorded.</summary>
/// <param name="Photos">The proof, as far as this reader may open it.</param>
/// <param name="PhotosHidden">How many there are besides.</param>
public sealed record GivenFeedbackView(
    IReadOnlyList<int> Lines, FeedbackWay Way, MeetingPerson By, DateTimeOffset At, string? Note, IReadOnlyList<string> Photos, int PhotosHidden);

/// <summary>What a yard is owed and what it was told.</summary>
/// <param name="Due">Lines with a result that the yard does not know of, the one that waits longest first.</param>
/// <param name="Open">How many lines are still in hand.</param>
/// <param name="Given">Everything that the yard was told, the last first.</param>
public sealed record MeetingFeedbackView(string Id, IReadOnlyList<LineView> Due, int Open, IReadOnlyList<GivenFeedbackView> Given);

/// <summary><c>GET /api/meetings/{id}/feedback</c>: the feedback list of a meeting (结果反馈清单).</summary>
public static class GetMeetingFeedback
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/meetings/{id}/feedback", HandleAsync)
        .Query<MeetingFeedbackView>("getMeetingFeedback", "What its yard is owed and was told", versioned: true);

    private static async Task<IResult> HandleAsync(
        HttpContext context, string id, MeetingStreams streams, PersonalText personal, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        var cancellation = context.RequestAborted;
        var callers = Callers.From(context.Request, organization);
        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Cases);
        var (loaded, file) = await MeetingEndpoint.VisibleAsync(id, callers, streams, cancellation);
        var open = callers.Any(caller => MeetingAccess.MaySeePersonalData(caller, file));
        var lines = await LineViews.OfAsync(file, database, organization, cancellation);

        var given = new List<GivenFeedbackView>();
        foreach (var (_, fact) in loaded.Facts.Reverse())
        {
            if (fact.Event is not MeetingFeedbackGiven e)
                continue;
            var note = e.Note is { } text ? await personal.ReadAsync(text, loaded.Stream, "note", open, cancellation) : null;
            given.Add(new GivenFeedbackView(e.Lines, e.Way, MeetingPerson.Of(fact.By, organization), fact.HappenedAt, note, open ? e.Photos : [], open ? 0 : e.Photos.Count));
        }

        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new MeetingFeedbackView(id, [.. lines.Where(line => line.FeedbackDue).OrderBy(line => line.SettledAt)], lines.Count(line => line.Open), given));
    }
}
