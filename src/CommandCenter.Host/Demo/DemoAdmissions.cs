using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Demo;

/// <summary>The lists of matters of the demonstration's villages and grids (三级事项清单), and one urgent addition that waits, by the same way as over HTTP.</summary>
public sealed class DemoAdmissions(AdmissionStreams streams, StreamCommands commands, PersonalText personal, IOrganization organization, Identifiers identifiers)
{
    private static readonly string[] OfGrids = ["dispute-mediation", "drainage", "elderly-care", "fire-hazard", "manhole-cover", "rubbish", "straw-burning", "street-light"];

    private static readonly string[] OfVillages =
    [
        .. OfGrids, "certificate-service", "damaged-road", "irrigation", "living-allowance", "party-services", "public-health", "river-pollution", "sewage", "subsidy-enquiry", "village-affairs", "volunteer-service",
    ];

    /// <summary>Adopts the lists and asks for the addition, unless they are there.</summary>
    public async Task AdoptAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var now = organization.At(at);
        var district = now.District;
        string[] ofTowns = [.. now.Categories.Select(category => category.Code)];
        await AdoptAsync(district, AreaLevel.Town, ofTowns, at, cancellation);
        await AdoptAsync(district, AreaLevel.Village, OfVillages, at, cancellation);
        await AdoptAsync(district, AreaLevel.Grid, OfGrids, at, cancellation);
        // In the hills grids look after ditches too: a list of the town's own, which counts there instead of the district's.
        if (now.Areas.Select(area => area.Code).Where(code => code.Level == AreaLevel.Town).Skip(1).FirstOrDefault() is { Level: AreaLevel.Town } hills)
            await AdoptAsync(hills, AreaLevel.Grid, [.. OfGrids, "irrigation"], at, cancellation);

        var town = now.Areas.Select(area => area.Code).First(code => code.Level == AreaLevel.Town);
        var village = now.Areas.Select(area => area.Code).First(code => code.Level == AreaLevel.Village && town.Contains(code));
        if ((await streams.LoadAsync(town, cancellation)).State.Additions.IsEmpty)
        {
            await GiveAsync(
                town, Role.Dispatcher,
                async (loaded, token) => new RequestAddition(village, "geological-hazard", await personal.SealTextAsync(loaded.Stream, "reason", "连日降雨，后山有滑坡迹象，需网格员逐户排查并告知转移路线。", token), at + TimeSpan.FromDays(12), at),
                at, cancellation);
        }
    }

    private Task AdoptAsync(AreaCode keeper, AreaLevel level, IEnumerable<string> matters, DateTimeOffset at, CancellationToken cancellation) =>
        GiveAsync(keeper, Role.DistrictSupervisor, (_, _) => Task.FromResult<AdmissionCommand>(new AdoptAdmissionList(keeper, level, [.. matters.Order(StringComparer.Ordinal)], null)), at, cancellation);

    private async Task GiveAsync(AreaCode keeper, Role role, Func<LoadedAdmission, CancellationToken, Task<AdmissionCommand>> build, DateTimeOffset at, CancellationToken cancellation)
    {
        var now = organization.At(at);
        var person = now.WhoIsToldFor(role, keeper)[0].Person;
        IReadOnlyList<Caller> callers = [.. now.SeatsOf(now.FindPerson(person)!).Select(seat => new Caller(person, seat))];
        var name = role == Role.Dispatcher ? "request" : "adopt";
        var work = new StreamWork<Admission, AdmissionCommand, AdmissionEvent>(keeper.Value, name, build, callers, at, at, new CommandId(person, $"demo-{identifiers.New()}", personal.RequestHash([])));
        if (await commands.ExecuteAsync(streams.KindOf(keeper), work, cancellation) is not (Outcome.Done or Outcome.Unchanged))
            throw new InvalidDataException($"The {name} of the demonstration's admission lists was refused.");
    }
}
