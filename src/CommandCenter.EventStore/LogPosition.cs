using System.Globalization;

namespace CommandCenter.EventStore;

/// <summary>
/// A place in the log, written <c>epoch:position</c>. Positions are dense and start at 1; 0 is "before the first event".
/// The epoch changes when a restore or failover lost commits, so that a reader of the lost ones starts again.
/// </summary>
public readonly record struct LogPosition(int Epoch, long Position)
{
    /// <summary>Whether whoever is here has come as far as another place: to it or past it, or into a later epoch.</summary>
    public bool HasReached(LogPosition other) => Epoch > other.Epoch || (Epoch == other.Epoch && Position >= other.Position);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{Position}");

    public static bool TryParse(string? text, out LogPosition position)
    {
        position = default;
        var parts = text?.Split(':');
        if (parts is not [var epochText, var positionText]
            || !int.TryParse(epochText, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(positionText, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;

        position = new LogPosition(epoch, number);
        return true;
    }
}
