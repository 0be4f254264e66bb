namespace CommandCenter.Domain.Organization;

/// <summary>What was part of the organization and is not any more, with the day on which it ended: cases of its time go on to name it.</summary>
public sealed record FormerOrganization(
    IReadOnlyList<(Area Area, DateOnly Ended)> Areas,
    IReadOnlyList<(Post Post, DateOnly Ended)> Posts,
    IReadOnlyList<(Department Department, DateOnly Ended)> Departments,
    IReadOnlyList<(PersonName Person, DateOnly Ended)> People,
    IReadOnlyList<(Category Category, DateOnly Ended)> Categories,
    IReadOnlyList<(Spot Spot, DateOnly Ended)> Spots)
{
    public static FormerOrganization None { get; } = new([], [], [], [], [], []);
}
