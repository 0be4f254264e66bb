namespace CommandCenter.Domain.Organization;

/// <summary>The five tiers of the grid system, from the district down to the yard of 10–30 households.</summary>
public enum AreaLevel
{
    District = 6,
    Town = 9,
    Village = 12,
    Grid = 15,
    Yard = 18,
}

/// <summary>
/// An area's code: the national statistical code (6 district, 9 town, 12 village) and below it our own three digits each for
/// grid and yard. The parent is a prefix, so "inside" is a prefix test (ADR 0005).
/// </summary>
public readonly record struct AreaCode : IParsable<AreaCode>
{
    private readonly string? _value;

    private AreaCode(string value) => _value = value;

    public string Value => _value ?? "";

    public AreaLevel Level => (AreaLevel)Value.Length;

    /// <summary>The area one tier above; null for a district.</summary>
    public AreaCode? Parent => Level == AreaLevel.District ? null : new AreaCode(Value[..^3]);

    /// <summary>The area of the given tier that holds this one; null when this one is above that tier.</summary>
    public AreaCode? At(AreaLevel level) => Value.Length >= (int)level ? new AreaCode(Value[..(int)level]) : null;

    /// <summary>Whether the other area is this one or lies inside it; the default value, no area at all, contains nothing.</summary>
    public bool Contains(AreaCode other) => _value is not null && other.Value.StartsWith(Value, StringComparison.Ordinal);

    /// <summary>The national 12-digit form: padded with zeros, cut at the village.</summary>
    public string ToNational() => Value.Length >= 12 ? Value[..12] : Value.PadRight(12, '0');

    /// <exception cref="FormatException">Not 6, 9, 12, 15 or 18 digits.</exception>
    public static AreaCode Parse(string text) =>
        TryParse(text, out var code) ? code : throw new FormatException($"'{text}' is not an area code of 6, 9, 12, 15 or 18 digits.");

    public static bool TryParse(string? text, out AreaCode code)
    {
        var valid = text is { Length: 6 or 9 or 12 or 15 or 18 } && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
        code = valid ? new AreaCode(text!) : default;
        return valid;
    }

    static AreaCode IParsable<AreaCode>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<AreaCode>.TryParse(string? s, IFormatProvider? provider, out AreaCode result) => TryParse(s, out result);

    public override string ToString() => Value;
}
