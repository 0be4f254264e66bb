namespace CommandCenter.Host.Composition;

/// <summary>How many walls watch a board of this node.</summary>
public sealed class WallCount
{
    private int _connected;

    public int Connected => Volatile.Read(ref _connected);

    public void Came() => Interlocked.Increment(ref _connected);

    public void Went() => Interlocked.Decrement(ref _connected);
}
