namespace CommandCenter.Domain.Files;

/// <summary>A command or an event that may bring attachments with it.</summary>
public abstract record Attaching
{
    /// <summary>Missing where there are none.</summary>
    public IReadOnlyList<Attachment>? Attachments { get; init; }
}

/// <summary>How the attachments of a command come into what happened.</summary>
public static class Attachments
{
    /// <summary>The decision with the command's attachments on the first of its events; nothing is added to what does not happen.</summary>
    public static Decision<TEvent> WithAttachmentsOf<TEvent>(this Decision<TEvent> decision, object command)
        where TEvent : class =>
        command is Attaching { Attachments: { Count: > 0 } attachments } && decision is Decision<TEvent>.Emit { Events: { Count: > 0 } events } && events[0] is Attaching first
            ? new Decision<TEvent>.Emit([(TEvent)(object)(first with { Attachments = attachments }), .. events.Skip(1)])
            : decision;

    /// <summary>The attachments that an event brings with it.</summary>
    public static IReadOnlyList<Attachment> Of(object happened) => (happened as Attaching)?.Attachments ?? [];
}
