namespace CommandCenter.Domain.Files;

/// <summary>A command or an event that may have attachments.</summary>
public abstract record Attaching
{
    /// <summary>Missing where there are none.</summary>
    public IReadOnlyList<Attachment>? Attachments { get; init; }
}

/// <summary>An event that a command's attachments belong to: what a person did and can show. Other events never have any.</summary>
public interface IBringsAttachments;

/// <summary>How the attachments of a command come into what happened.</summary>
public static class Attachments
{
    /// <summary>The decision with the command's attachments on the last of its events that may have them, which is what was done; nothing is added to what does not happen.</summary>
    /// <exception cref="InvalidOperationException">The command has attachments, and none of its events may.</exception>
    public static Decision<TEvent> WithAttachmentsOf<TEvent>(this Decision<TEvent> decision, object command)
        where TEvent : class
    {
        if (command is not Attaching { Attachments: { Count: > 0 } attachments } || decision is not Decision<TEvent>.Emit { Events: var events })
            return decision;
        var bringer = events.LastOrDefault(happened => happened is IBringsAttachments) as Attaching
            ?? throw new InvalidOperationException($"{command.GetType().Name} takes no attachments.");
        return new Decision<TEvent>.Emit([.. events.Select(happened => ReferenceEquals(happened, bringer) ? (TEvent)(object)(bringer with { Attachments = attachments }) : happened)]);
    }

    /// <summary>The attachments that an event brings with it.</summary>
    public static IReadOnlyList<Attachment> Of(object happened) => (happened as Attaching)?.Attachments ?? [];
}
