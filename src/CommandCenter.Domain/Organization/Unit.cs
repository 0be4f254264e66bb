namespace CommandCenter.Domain.Organization;

/// <summary>What kind of unit a case can be sent to.</summary>
public enum UnitKind
{
    /// <summary>岗: a post of the town.</summary>
    Post,

    /// <summary>部门: a department of the district.</summary>
    Department,

    /// <summary>村(社区)</summary>
    Village,

    /// <summary>网格</summary>
    Grid,
}

/// <summary>The unit that has a case: the second of the three that a dispatch names (到部门、到单位、到人头, S0-14). Written <c>post:village-construction</c>, <c>department:water</c>, <c>village:500153003001</c>.</summary>
/// <param name="Code">A post's code in the case's town, a department's code, or an area's code.</param>
public readonly record struct Unit(UnitKind Kind, string Code) : IParsable<Unit>
{
    private static readonly (UnitKind Kind, string Prefix)[] Prefixes =
        [(UnitKind.Post, "post:"), (UnitKind.Department, "department:"), (UnitKind.Village, "village:"), (UnitKind.Grid, "grid:")];

    public static Unit OfPost(string code) => new(UnitKind.Post, code);

    public static Unit OfDepartment(string code) => new(UnitKind.Department, code);

    public static Unit OfVillage(AreaCode village) => new(UnitKind.Village, village.Value);

    public static Unit OfGrid(AreaCode grid) => new(UnitKind.Grid, grid.Value);

    /// <summary>The area, for a village or grid.</summary>
    public AreaCode? Area => Kind is UnitKind.Village or UnitKind.Grid && AreaCode.TryParse(Code, out var area) ? area : null;

    /// <summary>The post's code; null for other kinds.</summary>
    public string? Post => Kind == UnitKind.Post ? Code : null;

    /// <summary>Whether who speaks from a seat is of this unit.</summary>
    /// <param name="town">For posts, whose codes are unique in their town only.</param>
    public bool IsSeat(RoleAt seat, AreaCode town) => seat.Role == Role && Kind switch
    {
        UnitKind.Post => seat.Post == Code && seat.Place == town,
        UnitKind.Department => seat.Department == Code,
        _ => Area is { } area && seat.Place == area,
    };

    /// <summary>In which role people act for such a unit.</summary>
    public Role Role => Kind switch
    {
        UnitKind.Department => Role.Department,
        UnitKind.Village => Role.VillageSecretary,
        UnitKind.Grid => Role.GridWorker,
        _ => Role.PostHandler,
    };

    /// <exception cref="FormatException">Not a unit.</exception>
    public static Unit Parse(string text) => TryParse(text, out var unit) ? unit : throw new FormatException($"'{text}' is not a unit such as post:village-construction.");

    public static bool TryParse(string? text, out Unit unit)
    {
        foreach (var (kind, prefix) in Prefixes)
        {
            if (text is null || !text.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            unit = new Unit(kind, text[prefix.Length..]);
            return kind switch
            {
                UnitKind.Village => unit.Area?.Level == AreaLevel.Village,
                UnitKind.Grid => unit.Area?.Level == AreaLevel.Grid,
                _ => unit.Code.Length is > 0 and <= 60 && unit.Code.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'),
            };
        }

        unit = default;
        return false;
    }

    static Unit IParsable<Unit>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Unit>.TryParse(string? s, IFormatProvider? provider, out Unit result) => TryParse(s, out result);

    public override string ToString() => Prefixes[(int)Kind].Prefix + Code;
}
