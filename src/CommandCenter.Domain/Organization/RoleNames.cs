namespace CommandCenter.Domain.Organization;

/// <summary>What roles are called in a message.</summary>
public static class RoleNames
{
    public static Message Of(Role role) => role switch
    {
        Role.Resident => new("群众", "resident"),
        Role.GridWorker => new("网格员", "grid worker"),
        Role.YardHead => new("小院院长", "yard head"),
        Role.YardStaff => new("小院三员", "yard staff"),
        Role.VillageSecretary => new("村（社区）书记", "village secretary"),
        Role.CenterOperator => new("值班员", "center operator"),
        Role.Dispatcher => new("调度员", "dispatcher"),
        Role.PostHandler => new("岗位工作人员", "post handler"),
        Role.Department => new("部门", "department"),
        Role.SectorLead => new("板块负责人", "sector lead"),
        Role.TownLeader => new("镇街主要领导", "town leader"),
        Role.DistrictSupervisor => new("区级督办", "district supervisor"),
        Role.DistrictLeader => new("分管区领导", "district leader in charge"),
        Role.DistrictSecretary => new("区委主要领导", "district party secretary"),
        Role.Office => new("办公室", "office"),
        Role.Administrator => new("系统管理员", "administrator"),
        Role.System => new("系统", "system"),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "A role without a name."),
    };

    /// <summary>Several, in their order, as a message lists them.</summary>
    public static Message Listed(IReadOnlyList<Role> roles) =>
        new(string.Join("、", roles.Select(role => Of(role).Zh)), string.Join(", ", roles.Select(role => Of(role).En)));
}
