namespace CommandCenter.Domain.Spots;

/// <summary>Something in the stream <c>spot:{code}</c>, which knows the last case that was begun for a thing: of two people who scan it in the same moment one comes second.</summary>
public abstract record SpotEvent
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } = [new("spot_case_begun", 1, typeof(SpotCaseBegun), "CommandCenter.Domain.Spots.SpotCaseBegun, CommandCenter.Domain")];
}

/// <summary>点位开案: a report of it began a case of its own.</summary>
/// <param name="Case">The case's id.</param>
public sealed record SpotCaseBegun(string Case) : SpotEvent;

/// <summary>A spot as a fold of its stream.</summary>
/// <param name="LastCase">Null before anybody reported it.</param>
public sealed record SpotTrail(string? LastCase)
{
    public static SpotTrail None { get; } = new((string?)null);

    public SpotTrail Apply(SpotEvent happened) => happened switch
    {
        SpotCaseBegun e => new SpotTrail(e.Case),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is no event of a spot."),
    };
}
