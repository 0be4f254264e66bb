namespace CommandCenter.FaultNode;

/// <summary>What a caller was told of one attempt.</summary>
public enum Told
{
    /// <summary>Appended now, or carried out before.</summary>
    Acknowledged,

    /// <summary>A version conflict or a lost timer: nothing was appended.</summary>
    Refused,

    /// <summary>An exception that means that nothing was appended.</summary>
    Failed,

    /// <summary>An exception that leaves it open, or no answer at all because the process was killed.</summary>
    Unknown,
}

/// <summary>One attempt of an operation.</summary>
/// <param name="Operation">Several attempts under one command id are one operation.</param>
/// <param name="Events">How many events the operation has.</param>
/// <param name="LastPosition">Of the receipt.</param>
public sealed record Attempt(string Operation, int Events, Told Told, long LastPosition = 0);
