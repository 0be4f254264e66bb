using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Spots;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Spots;

/// <summary>The case that is in hand for a spot.</summary>
/// <param name="Number">Missing for a moment after the report, until the read side has numbered it.</param>
public sealed record SpotCaseView(string Id, string? Number, CaseStage Stage, DateTimeOffset ReportedAt);

/// <summary>What somebody sees who scans the plate of a spot.</summary>
/// <param name="Kind">Such as <c>bin</c>.</param>
/// <param name="Category">The matter that a report of it is.</param>
/// <param name="Report">What a report of it says that has no words of its own.</param>
/// <param name="Unit">Who gets it; missing where that is for the center to say.</param>
/// <param name="Role">In which role people act for that unit.</param>
/// <param name="Named">Whether the report goes to one person of the unit by name.</param>
/// <param name="InHand">The case for which somebody still has to come: another report joins it. Missing where there is none.</param>
/// <param name="EndedOn">The first day without it; missing for one that is there.</param>
public sealed record SpotView(
    string Code, string Name, string NameEn, string Kind, AreaCode Area, string Category, Message Report, Unit? Unit, Role? Role, bool Named, SpotCaseView? InHand, DateOnly? EndedOn);

/// <summary><c>GET /api/spots/{code}</c></summary>
public static class GetSpot
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/spots/{code}", HandleAsync)
        .Query<SpotView>("getSpot", "A thing with a code on its plate, as whoever scans it sees it (点位)");

    private static async Task<IResult> HandleAsync(HttpContext context, string code, SpotStreams spots, OrganizationDirectory organization, NpgsqlDataSource database, ReadPositions positions)
    {
        _ = Callers.From(context.Request, organization);
        var cancellation = context.RequestAborted;
        if (organization.KnownSpot(code) is not var (spot, ended))
            throw new ProblemException(404, "spot.unknown", new("没有这个点位；请核对二维码下的编号，或按普通上报写明位置和情况。", "There is no such spot; check the code under the picture, or report it as usual with the place and what is wrong."));

        await positions.WaitAsync(ETags.MinPosition(context.Request), cancellation, TableNames.Cases);
        var route = ended is null ? SpotRouting.RouteOf(spot, organization) : null;
        var inHand = ended is null && await spots.InHandAsync(code, cancellation) is { } found
            ? new SpotCaseView(found.Id, await NumberAsync(database, found.Id, cancellation), found.State.Stage!.Value, found.State.File.ReportedAt)
            : null;
        return TypedResults.Ok(new SpotView(
            spot.Code, spot.Name, spot.NameEn, spot.Kind, spot.Area, spot.Category, spot.Says(), route?.Unit, route?.Unit.Role, route?.Person is not null, inHand, ended));
    }

    private static async Task<string?> NumberAsync(NpgsqlDataSource database, string id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select number from {TableNames.Cases} where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }
}
