namespace CommandCenter.Domain.Whistles;

/// <summary>A whistle as lists show it: its fold with its place in the log, so that a read table can keep it and go on from it. An event at or below <see cref="Version"/> changes nothing.</summary>
/// <param name="Position">Of the whistle's first event in the log: the order of lists.</param>
public sealed record WhistleSummary(string Id, long Version, long Position, WhistleStage Stage, WhistleFile File, DateTimeOffset UpdatedAt)
{
    public Whistle.Known State => Whistle.At(Stage, File);

    /// <summary>The summary after an event.</summary>
    /// <exception cref="InvalidOperationException">The first event of the whistle, or one before this, is missing.</exception>
    public static WhistleSummary Apply(WhistleSummary? before, string id, long version, long position, Fact<WhistleEvent> fact)
    {
        if (before is not null && version <= before.Version)
            return before;
        if (version != (before?.Version ?? 0) + 1)
            throw new InvalidOperationException($"Whistle {id} is at version {before?.Version ?? 0} and goes on with {version}: what lies between is missing.");

        var state = (Whistle.Known)(before?.State ?? Whistle.None).Apply(fact);
        return new WhistleSummary(id, version, before?.Position ?? position, state.Stage!.Value, state.File, fact.RecordedAt);
    }
}
