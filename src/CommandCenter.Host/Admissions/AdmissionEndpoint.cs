using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Admissions;

/// <summary><see cref="CommandEndpoint"/> for admission lists.</summary>
public sealed class AdmissionEndpoint(CommandEndpoint endpoint, AdmissionStreams streams)
{
    public PersonalText Personal => endpoint.Personal;

    /// <param name="keeper">The code of a town or of the district.</param>
    /// <param name="build">Makes the command from the request, the lists as they stand, and the instant at which the host received it.</param>
    public Task<IResult> HandleAsync<TRequest>(
        HttpContext context, string keeper, string command, Func<TRequest, LoadedAdmission, DateTimeOffset, CancellationToken, Task<AdmissionCommand>> build)
        where TRequest : ICommandRequest =>
        endpoint.HandleAsync(context, streams.KindOf(KeeperOf(keeper)), keeper, command, "/api/admissions/", build);

    /// <summary>An area that a command on a town's (or the district's) lists names.</summary>
    /// <exception cref="ProblemException">There is no such area, or another town's lists speak of it.</exception>
    public AreaCode Area(AreaCode area, LoadedAdmission loaded)
    {
        if (endpoint.Organization.FindArea(area) is null)
            throw AreaUnknown();
        return Admission.KeeperOf(area).Value == loaded.Stream.Id
            ? area
            : throw new ProblemException(422, "admission.area_elsewhere", new("该区域的准入清单在其所属镇街（或区）办理。", "The area's lists are kept under its own town, or the district."), "area");
    }

    /// <exception cref="ProblemException">The catalogue does not have it.</exception>
    public string Matter(string? matter, string field) => (matter is null ? null : endpoint.Organization.FindCategory(matter)?.Code)
        ?? throw new ProblemException(422, "category.unknown", new("没有这个事项类别。", "There is no such category."), field);

    public async Task<Domain.Cases.MarkedText> ReasonAsync(string reason, LoadedAdmission loaded, CancellationToken cancellation) =>
        await Personal.SealTextAsync(loaded.Stream, "reason", Texts.Required(reason, "reason", Texts.Note), cancellation);

    private AreaCode KeeperOf(string text) =>
        AreaCode.TryParse(text, out var keeper) && keeper.Level is AreaLevel.District or AreaLevel.Town && endpoint.Organization.FindArea(keeper) is not null
            ? keeper
            : throw new ProblemException(404, "admission.unknown", new("没有这个镇街或区。", "There is no such town or district."));

    public static ProblemException AreaUnknown() => new(422, "area.unknown", new("没有这个区域。", "There is no such area."), "area");
}
