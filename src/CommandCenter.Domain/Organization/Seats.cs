namespace CommandCenter.Domain.Organization;

/// <summary>Which seats there are.</summary>
public static class Seats
{
    /// <summary>The tiers of the places at which a role is held; none for residents, who hold no seat, and for the engine, which is no person.</summary>
    public static IReadOnlyList<AreaLevel> PlacesOf(Role role) => role switch
    {
        Role.GridWorker => [AreaLevel.Grid],
        Role.YardHead or Role.YardStaff => [AreaLevel.Yard],
        Role.VillageSecretary => [AreaLevel.Village],
        Role.CenterOperator or Role.Dispatcher or Role.PostHandler or Role.SectorLead or Role.TownLeader => [AreaLevel.Town],
        Role.Office or Role.Administrator => [AreaLevel.District, AreaLevel.Town],
        Role.DistrictSupervisor or Role.DistrictLeader or Role.DistrictSecretary or Role.Department => [AreaLevel.District],
        _ => [],
    };
}
