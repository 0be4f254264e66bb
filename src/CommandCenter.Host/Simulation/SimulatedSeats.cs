using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Simulation;

/// <summary>Who sits where, for choosing who acts. Pure, of one day's organization.</summary>
public sealed class SimulatedSeats
{
    private readonly ILookup<(Role, AreaCode), string> _held;
    private readonly ILookup<(AreaCode, string), string> _posts;
    private readonly ILookup<string, string> _departments;
    private readonly ILookup<(AreaCode, Sector?), string> _leads;

    public SimulatedSeats(OrganizationDirectory organization)
    {
        Organization = organization;
        var all = organization.People.SelectMany(person => person.Roles.Where(seat => !seat.Acting).Select(seat => (person.Id, Seat: seat))).ToList();
        _held = all.ToLookup(held => (held.Seat.Role, held.Seat.Place), held => held.Id);
        _posts = all.Where(held => held.Seat is { Role: Role.PostHandler, Post: not null }).ToLookup(held => (held.Seat.Place, held.Seat.Post!), held => held.Id);
        _departments = all.Where(held => held.Seat.Department is not null).ToLookup(held => held.Seat.Department!, held => held.Id);
        _leads = all.Where(held => held.Seat.Role == Role.SectorLead).ToLookup(held => (held.Seat.Place, held.Seat.Sector), held => held.Id);
        Towns = [.. organization.Areas.Select(area => area.Code).Where(code => code.Level == AreaLevel.Town)];
        Grids = Towns.ToDictionary(town => town, town => (IReadOnlyList<AreaCode>)[.. organization.Areas.Select(area => area.Code).Where(code => code.Level == AreaLevel.Grid && town.Contains(code))]);
        Yards = Towns.ToDictionary(town => town, town => (IReadOnlyList<AreaCode>)[.. organization.Areas.Select(area => area.Code).Where(code => code.Level == AreaLevel.Yard && town.Contains(code))]);
        Matters = Towns.ToDictionary(town => town, town => (IReadOnlyList<Category>)[.. organization.Categories.Where(category => _posts[(town, category.DefaultPost)].Any())]);
    }

    public OrganizationDirectory Organization { get; }

    public IReadOnlyList<AreaCode> Towns { get; }

    public IReadOnlyDictionary<AreaCode, IReadOnlyList<AreaCode>> Grids { get; }

    public IReadOnlyDictionary<AreaCode, IReadOnlyList<AreaCode>> Yards { get; }

    /// <summary>What is reported in each town: matters whose post has somebody there.</summary>
    public IReadOnlyDictionary<AreaCode, IReadOnlyList<Category>> Matters { get; }

    /// <summary>Somebody in a seat at a place or the nearest one around it; null where there is nobody.</summary>
    public string? At(Role role, AreaCode place, Chance chance)
    {
        for (AreaCode? at = place; at is { } area; at = area.Parent)
        {
            if (_held[(role, area)].ToList() is { Count: > 0 } people)
                return chance.Of(people);
        }

        return null;
    }

    /// <summary>Who goes to a grid or yard: its worker, else the village's secretary, else somebody of the center.</summary>
    /// <param name="but">Not this person.</param>
    public string? OnSpot(AreaCode area, string? but, Chance chance)
    {
        foreach (var role in (Role[])[Role.GridWorker, Role.YardHead, Role.VillageSecretary])
        {
            if (At(role, area, chance) is { } person && person != but)
                return person;
        }

        return null;
    }

    public string? Of(Unit unit, AreaCode town, Chance chance)
    {
        var people = (unit.Kind == UnitKind.Department ? _departments[unit.Code] : _posts[(town, unit.Code)]).ToList();
        return people.Count > 0 ? chance.Of(people) : null;
    }

    public string? Lead(AreaCode town, Sector sector, Chance chance) => _leads[(town, sector)].ToList() is { Count: > 0 } people ? chance.Of(people) : At(Role.TownLeader, town, chance);
}
