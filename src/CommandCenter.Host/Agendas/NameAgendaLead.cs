using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary>Naming who leads a matter (专人牵头), and by when it is to be solved; also for handing it over.</summary>
/// <param name="Item">The item's number.</param>
/// <param name="Person">Somebody with a seat in the town or above it.</param>
/// <param name="Until">By when it is to be solved.</param>
/// <param name="Task">What they are to do, at most 500 characters.</param>
[Example("""{"item":1,"person":"office-01","until":"2026-12-31T10:00:00Z","task":"现场查勘、建立台账，争取资金。"}""")]
public sealed record NameAgendaLeadRequest(int Item, string Person, DateTimeOffset Until, string? Task = null, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class NameAgendaLeadEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/agendas/{town}/name-lead", HandleAsync)
        .Command<NameAgendaLeadRequest>("nameAgendaLead", "Name who leads a matter, and by when (专人牵头)", tag: "Agendas");

    private static Task<IResult> HandleAsync(HttpContext context, string town, AgendaEndpoint endpoint) =>
        endpoint.HandleAsync<NameAgendaLeadRequest>(context, town, "name-lead", async (request, loaded, at, token) => new Domain.Agendas.NameAgendaLead(
            request.Item, request.Person, SeatOf(request.Person, AgendaEndpoint.TownOf(town, endpoint.Organization), endpoint.Organization), request.Until,
            await endpoint.OptionalTextAsync(loaded, "task", request.Task, Texts.Note, token), at));

    /// <summary>The seat for which somebody leads: their own in the town, else one above it.</summary>
    /// <exception cref="ProblemException">Nobody by this id has a seat there.</exception>
    private static Role SeatOf(string person, AreaCode town, OrganizationDirectory organization) =>
        organization.FindPerson(person)?.Roles.Where(seat => seat.Place.Contains(town) || town.Contains(seat.Place)).OrderByDescending(seat => seat.Place == town).Select(seat => (Role?)seat.Role).FirstOrDefault()
        ?? throw new ProblemException(422, "agenda.person_unknown", new("该人员在本镇街及上级没有岗位，不能牵头。", "Nobody by this id has a seat in the town or above it, so they cannot lead."), "person");
}
