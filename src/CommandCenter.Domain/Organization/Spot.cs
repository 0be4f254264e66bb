namespace CommandCenter.Domain.Organization;

/// <summary>点位: a thing with a code on its plate. Whoever scans it reports in one step, and the report goes to whoever looks after the thing (S3-21).</summary>
/// <param name="Code">Unique in the district, as printed on the plate: lower-case ASCII with dashes, such as <c>bin-17</c>.</param>
/// <param name="Area">The grid (15 digits) or yard (18) in which it stands.</param>
/// <param name="Kind">What kind of thing it is, in lower-case ASCII with dashes: <c>bin</c>, <c>lamp</c>, <c>hydrant</c>, <c>camera</c>, <c>sensor</c>.</param>
/// <param name="Category">The matter that a report of it is.</param>
/// <param name="Unit">Who gets the report: a post of its town, or the village or grid that it stands in.</param>
/// <param name="Person">Who of the unit shall do it; null lets somebody of the unit claim it.</param>
/// <param name="Point">Exactly where; null where that was not surveyed.</param>
/// <param name="Report">What is usually wrong with it, for a report without words of its own (已满); null: only that it needs somebody.</param>
public sealed record Spot(string Code, AreaCode Area, string Name, string NameEn, string Kind, string Category, Unit Unit, string? Person = null, GeoPoint? Point = null, Message? Report = null)
{
    private static readonly Message Usual = new("需要处理", "Needs somebody");

    // Methods, because what is worked out is not stored beside what was said.
    public AreaCode Town() => Area.At(AreaLevel.Town)!.Value;

    /// <summary>What is usually wrong with it.</summary>
    public Message Says() => Report ?? Usual;

    /// <summary>The words of a report of it that has none of its own.</summary>
    public string Text() => $"{Name}：{Says().Zh}";
}
