using System.Globalization;
using System.Text.Json;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Inbox;

/// <summary>A notice in a message that waits for its channel.</summary>
public sealed record MessageItem(Guid Id, NoticeSent Sent, DateTimeOffset SentAt);

/// <summary>What an outbox row of notices holds: names, kinds and numbers, no words and no personal data.</summary>
/// <param name="Delivery">The number of the message in the person's inbox.</param>
/// <param name="Place">For which the engine spoke.</param>
public sealed record NoticeMessage(string Person, int Delivery, string Channel, AreaCode Place, IReadOnlyList<MessageItem> Items)
{
    /// <summary>The kind of these rows in the outbox.</summary>
    public const string Kind = "notice";

    /// <summary>In the order of commits for a person and a channel; what is urgent speaks for itself and waits for no other.</summary>
    public OutboxMessage ToOutbox() => new(Kind, IsUrgent ? string.Create(CultureInfo.InvariantCulture, $"{Person}/{Channel}/{Delivery}") : $"{Person}/{Channel}", JsonSerializer.SerializeToUtf8Bytes(this, DomainJson.Options));

    private bool IsUrgent => Items.Any(item => item.Sent.Urgency == NoticeUrgency.Urgent);

    /// <exception cref="JsonException">It was written by another program.</exception>
    public static NoticeMessage From(OutboxMessage message) =>
        JsonSerializer.Deserialize<NoticeMessage>(message.Payload.Span, DomainJson.Options) ?? throw new JsonException("An outbox row of notices is empty.");
}
