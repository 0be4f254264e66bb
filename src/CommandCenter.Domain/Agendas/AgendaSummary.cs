namespace CommandCenter.Domain.Agendas;

/// <summary>A town's list as a read table keeps it: a fold that needs nothing but the row before.</summary>
/// <param name="Version">Of the stream; an event at or below it changes nothing.</param>
public sealed record AgendaSummary(string Town, long Version, Agenda Agenda)
{
    /// <summary>The row after an event.</summary>
    /// <exception cref="InvalidOperationException">An event before this one is missing.</exception>
    public static AgendaSummary Apply(AgendaSummary? before, string town, long version, Fact<AgendaEvent> fact)
    {
        before ??= new AgendaSummary(town, 0, Agenda.None);
        if (version <= before.Version)
            return before;
        return version == before.Version + 1
            ? before with { Version = version, Agenda = before.Agenda.Apply(fact) }
            : throw new InvalidOperationException($"The agenda of {town} is at version {before.Version} and goes on with {version}: what lies between is missing.");
    }
}
