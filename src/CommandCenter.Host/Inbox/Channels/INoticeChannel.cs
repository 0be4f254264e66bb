using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Inbox.Channels;

/// <summary>One notice as it leaves the house: which, what about, and never a reporter's name, number or address, nor anybody's words.</summary>
/// <param name="Id">Of the notice in the inbox.</param>
/// <param name="Title">What it asks for, in both languages.</param>
/// <param name="Number">Of the case; missing for what is no case.</param>
/// <param name="Matter">The category of the case.</param>
/// <param name="From">Who had it before, if it was passed on.</param>
public sealed record OutgoingItem(
    Guid Id, NoticeKind Kind, Message Title, string Subject, string? Number, Message? Matter, NoticeUrgency Urgency, EscalationLevel? Level, DateTimeOffset SentAt, DateTimeOffset? DueAt, string? From, PassOnReason? Reason);

/// <summary>A message to one person: one notice, or several as a digest.</summary>
/// <param name="Id">The same at every delivery of this message: what the receiver recognises a repeat by.</param>
/// <param name="Person">The person's id; the receiver knows where they are reached.</param>
public sealed record OutgoingMessage(Guid Id, string Person, int Count, IReadOnlyList<OutgoingItem> Items);

/// <summary>A way out of the house.</summary>
public interface INoticeChannel
{
    string Name { get; }

    /// <summary>Returns once the receiver has taken the message.</summary>
    /// <exception cref="EventStore.UndeliverableException">It never will.</exception>
    /// <exception cref="EventStore.DeliveryFailedException">It did not this time.</exception>
    Task SendAsync(OutgoingMessage message, CancellationToken cancellation);
}
