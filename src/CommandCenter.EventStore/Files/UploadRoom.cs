namespace CommandCenter.EventStore;

/// <summary>How much somebody may have sent that no event names.</summary>
/// <param name="Most">Of all who go by the actor's id together, in bytes.</param>
/// <param name="Client">Which of them it is, where many go by one id; empty where that is not known.</param>
/// <param name="MostOfClient">Of that one, in bytes: what one sends must not take the room of all.</param>
public sealed record UploadRoom(long Most, string Client = "", long? MostOfClient = null);

/// <summary>There is no room for what was to be sent.</summary>
public sealed class NoRoomException(long lies, long most, bool ofAll = false) : Exception($"{lies} bytes lie here unnamed, of {most} at most.")
{
    public long Lies => lies;

    public long Most => most;

    /// <summary>Whether it is the room of many who go by one id.</summary>
    public bool OfAll => ofAll;
}
