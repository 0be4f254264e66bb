namespace CommandCenter.EventStore;

/// <summary>What the writer believes about a stream. A closed type: there is no fifth case.</summary>
public abstract record ExpectedVersion
{
    private ExpectedVersion() { }

    /// <summary>The stream has no event yet.</summary>
    public sealed record NoStream : ExpectedVersion;

    /// <summary>The stream's last event has this version (1 or more).</summary>
    public sealed record Exactly(long Version) : ExpectedVersion;

    /// <summary>The stream has at least one event.</summary>
    public sealed record StreamExists : ExpectedVersion;

    /// <summary>The writer does not care, for example a notice put into an inbox.</summary>
    public sealed record Any : ExpectedVersion;

    /// <summary>The version a writer saw when it folded the stream: 0 means that there was none.</summary>
    public static ExpectedVersion After(long version) => version == 0 ? new NoStream() : new Exactly(version);

    /// <summary>Whether a stream at this version (0: no stream) is what the writer expected.</summary>
    public bool Accepts(long actual) => this switch
    {
        NoStream => actual == 0,
        Exactly exactly => actual == exactly.Version,
        StreamExists => actual > 0,
        _ => true,
    };
}
