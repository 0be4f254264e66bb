namespace CommandCenter.Host.Composition;

/// <summary>The host's one source of new identifiers: version 7 UUIDs, so that they sort by time, as 32 hex digits.</summary>
public sealed class Identifiers(TimeProvider clock)
{
    public string New() => Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
}
