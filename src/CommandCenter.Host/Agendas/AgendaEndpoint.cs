using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Agendas;

/// <summary><see cref="CommandEndpoint"/> for committees' lists.</summary>
public sealed class AgendaEndpoint(CommandEndpoint endpoint, AgendaStreams streams, IPolicies policies)
{
    public OrganizationDirectory Organization => endpoint.Organization;

    public AgendaStreams Streams => streams;

    public DeadlinePolicy Policy => policies.Now.Current;

    public AgendaRules Rules => policies.Now.Current.Agenda ?? AgendaRules.Standard;

    /// <param name="town">The code of a town.</param>
    /// <param name="build">Makes the command from the request, the list as it stands, and the instant at which the host received it.</param>
    public Task<IResult> HandleAsync<TRequest>(HttpContext context, string town, string command, Func<TRequest, LoadedAgenda, DateTimeOffset, CancellationToken, Task<AgendaCommand>> build)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync(context, streams.KindOf(TownOf(town, Organization)), town, command, "/api/agendas/", build, (_, work) => streams.Telling(AreaCode.Parse(town), work));

    public Task<MarkedText> TextAsync(LoadedAgenda loaded, string field, string text, int limit, CancellationToken cancellation) =>
        endpoint.Personal.SealTextAsync(loaded.Stream, field, Texts.Required(text, field, limit), cancellation);

    public Task<MarkedText?> OptionalTextAsync(LoadedAgenda loaded, string field, string? text, int limit, CancellationToken cancellation) =>
        endpoint.Personal.SealOptionalTextAsync(loaded.Stream, field, Texts.Optional(text, field, limit), cancellation);

    /// <exception cref="ProblemException">There is no such town.</exception>
    public static AreaCode TownOf(string text, OrganizationDirectory organization) =>
        AreaCode.TryParse(text, out var town) && town.Level == AreaLevel.Town && organization.FindArea(town) is not null
            ? town
            : throw new ProblemException(404, "agenda.unknown", new("没有这个镇街。", "There is no such town."));
}
