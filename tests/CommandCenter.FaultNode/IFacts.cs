namespace CommandCenter.FaultNode;

/// <summary>Where a node writes down what happens to it, at once. Called from many threads.</summary>
public interface IFacts
{
    /// <summary>An append is about to be asked for.</summary>
    /// <param name="number">Of the attempt; one that is under way has it alone.</param>
    void Asked(long number, string operation, int events);

    /// <summary>It was answered.</summary>
    void Told(long number, Told told, long lastPosition);

    /// <summary>The follower was handed an event.</summary>
    void Saw(long position, Guid id);

    /// <summary>An operation is about to ask for a timer.</summary>
    void Sets(string timer, string operation);

    /// <summary>An operation is about to ask for a timer's end.</summary>
    void Cancels(string timer, string operation);
}
