using System.Globalization;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Operations;

/// <summary>A message that is not tried any more until somebody replays it.</summary>
/// <param name="Key">Messages of one kind and key go in order; of notices it names the person and the channel, and of an urgent one the message.</param>
/// <param name="Token">The id under which the receiver knows it.</param>
public sealed record DeadLetterView(long Id, Guid Token, string Kind, string Key, int Attempts, string Reason, DateTimeOffset RecordedAt, DateTimeOffset DeadAt);

/// <summary>What waits to go out of the house, and what was given up.</summary>
/// <param name="OldestPendingAt">When the oldest that waits was recorded; missing when nothing waits.</param>
/// <param name="Next">For the next page of dead letters; missing on the last.</param>
public sealed record OutboxView(long Pending, long Dead, DateTimeOffset? OldestPendingAt, IReadOnlyList<DeadLetterView> DeadLetters, string? Next = null);

/// <summary><c>GET /api/operations/outbox</c></summary>
public static class GetOutbox
{
    private const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/operations/outbox", HandleAsync)
        .Query<OutboxView>("getOutbox", "What waits to go out of the house, and what was given up", [new("cursor", "from `next` of the page before")]);

    private static async Task<IResult> HandleAsync(HttpContext context, OrganizationDirectory organization, IOutbox outbox)
    {
        Operators.Require(context, organization);
        var cursor = context.Request.Query["cursor"].ToString();
        var after = 0L;
        if (cursor.Length > 0 && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            throw Problems.Malformed("The cursor is not one of ours.", "cursor");
        var counts = await outbox.CountAsync(context.RequestAborted);
        var letters = await outbox.ListDeadAsync(after, PageSize + 1, context.RequestAborted);
        return TypedResults.Ok(new OutboxView(
            counts.Pending, counts.Dead, counts.OldestPendingAt, [.. letters.Take(PageSize).Select(View)], letters.Count > PageSize ? letters[PageSize - 1].Row.Id.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static DeadLetterView View(DeadLetter letter) => new(
        letter.Row.Id, letter.Row.Token, letter.Row.Message.Kind, letter.Row.Message.Key, letter.Attempts, letter.Reason, letter.Row.RecordedAt, letter.DeadAt);
}
