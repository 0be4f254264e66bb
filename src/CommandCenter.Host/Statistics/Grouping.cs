using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Statistics;

/// <summary>By what statistics are told apart.</summary>
public enum Grouping
{
    /// <summary>按区域: by the areas one tier below the scope.</summary>
    Place,

    /// <summary>按板块</summary>
    Sector,

    /// <summary>按事项</summary>
    Category,

    /// <summary>按来源</summary>
    Source,

    /// <summary>按承办单位: departments, posts, villages and grids that were given cases.</summary>
    Unit,

    /// <summary>按承办人: whoever claimed a case, or was sent it by name.</summary>
    Person,

    /// <summary>按上报人</summary>
    Reporter,
}

/// <summary>How a grouping is asked of the tables.</summary>
internal static class Groupings
{
    /// <summary>The expression of the group's key: never anything from a request.</summary>
    public static string Key(Grouping by, AreaCode scope) => by switch
    {
        Grouping.Place => $"left(area, {Math.Min(scope.Value.Length + 3, (int)AreaLevel.Yard)})",
        Grouping.Sector => "sector",
        Grouping.Category => "category",
        Grouping.Source => "source",
        Grouping.Unit => "unit",
        Grouping.Person => "person",
        Grouping.Reporter => "reporter",
        _ => throw new ArgumentOutOfRangeException(nameof(by)),
    };
}
