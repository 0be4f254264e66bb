namespace CommandCenter.Domain.Organization;

/// <summary>A one-matter template (“一件事”模块, S4-06): a matter that takes several departments, which a whistle calls at once.</summary>
/// <param name="Code">Unique in the district, lower-case ASCII with dashes.</param>
/// <param name="Departments">The codes of the departments that are called, at least one and at most <see cref="MostDepartments"/>.</param>
/// <param name="Sectors">The sectors of the town whose leads coordinate it.</param>
public sealed record OneMatter(string Code, string Name, string NameEn, IReadOnlyList<string> Departments, IReadOnlyList<Sector> Sectors)
{
    /// <summary>As many units as one whistle calls.</summary>
    public const int MostDepartments = 30;
}
