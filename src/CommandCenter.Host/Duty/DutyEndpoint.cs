using CommandCenter.Domain;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary><see cref="CommandEndpoint"/> for duty rosters.</summary>
public sealed class DutyEndpoint(CommandEndpoint endpoint, DutyStreams streams, OpenMatters matters, LiveOrganization live)
{
    /// <summary>So many mistakes are told of a list.</summary>
    private const int MostTold = 100;

    public PersonalText Personal => endpoint.Personal;

    public OrganizationDirectory Organization => endpoint.Organization;

    /// <param name="place">The code of a town or of the district.</param>
    /// <param name="build">Makes the command from the request, the roster as it stands, and the instant at which the host received it.</param>
    /// <param name="read">Reads a request that is not JSON.</param>
    public Task<IResult> HandleAsync<TRequest>(
        HttpContext context,
        string place,
        string command,
        Func<TRequest, LoadedDuty, DateTimeOffset, CancellationToken, Task<DutyCommand>> build,
        Func<HttpRequest, CancellationToken, Task<(TRequest Body, ReadOnlyMemory<byte> Bytes)>>? read = null)
        where TRequest : ICommandRequest
    {
        IReadOnlyList<StreamAppend> restsOn = [];
        return endpoint.HandleAsync(
            context, streams.KindOf(PlaceOf(place, Organization)), place, command, "/api/duty/",
            async (TRequest request, LoadedDuty loaded, DateTimeOffset at, CancellationToken token) =>
            {
                var made = await build(request, loaded, at, token);
                // Taken together: two centers that plan for one person in the same second are told of each other.
                (var shifts, restsOn) = live.Elsewhere(AreaCode.Parse(place), at);
                return made with { Elsewhere = shifts };
            },
            (_, work) => work with { Beside = (_, _, _, _) => Task.FromResult<IReadOnlyList<Preparation>>([new Preparation.Ready(restsOn, [], [])]) },
            read);
    }

    /// <summary>The urgent matters that are open at a place.</summary>
    public Task<IReadOnlyList<OpenMatter>> OpenAsync(string place, CancellationToken cancellation) => matters.OfAsync(AreaCode.Parse(place), cancellation);

    /// <exception cref="ProblemException">The person holds no seat of the place.</exception>
    public string Person(string? person, string place) =>
        endpoint.Organization.FindPerson(Texts.Required(person, "person", Texts.Name)) is { } found && DutyListReader.MayStandBy(found, AreaCode.Parse(place), endpoint.Organization)
            ? found.Id
            : throw new ProblemException(422, "person.not_there", new("此人在此地没有职务，不能排班。", "This person holds no seat of this place and cannot be on duty here."), "person");

    /// <exception cref="ProblemException">Some of the lines cannot be read.</exception>
    public static IReadOnlyList<ShiftPlan> Checked((IReadOnlyList<ShiftPlan> Shifts, IReadOnlyList<RefusalLine> Errors) read) => read.Errors.Count == 0
        ? read.Shifts
        : throw new ProblemException(422, "duty.list_refused", new($"值班表有 {read.Errors.Count} 处错误，整份均未保存。", $"The roster has {read.Errors.Count} mistakes; nothing of it was taken."), "shifts")
        {
            Lines = [.. read.Errors.Take(MostTold)],
        };

    /// <exception cref="ProblemException">There is no such town, and it is not the district.</exception>
    public static AreaCode PlaceOf(string text, OrganizationDirectory organization) =>
        AreaCode.TryParse(text, out var place) && place.Level is AreaLevel.District or AreaLevel.Town && organization.FindArea(place) is not null
            ? place
            : throw new ProblemException(404, "duty.unknown", new("没有这个镇街或区。", "There is no such town or district."));
}
