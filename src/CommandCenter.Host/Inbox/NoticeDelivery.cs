using CommandCenter.Domain;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Inbox.Channels;
using Npgsql;

namespace CommandCenter.Host.Inbox;

/// <summary>
/// Gives the messages of the outbox to their channels, and records in the inbox what became of each. Sent at least once, under the same id; recorded once, under that id too.
/// </summary>
public sealed class NoticeDelivery(
    IEventLog log, EventCatalogue catalogue, IEnumerable<INoticeChannel> channels, IOrganization organization, NpgsqlDataSource database, PersonalText personal, ReadPositions positions, OutboxRelayOptions options, TimeProvider clock)
{
    /// <summary>So long a message waits for the number of its case.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, INoticeChannel> _channels = channels.ToDictionary(channel => channel.Name, StringComparer.Ordinal);

    /// <summary>The relay's handler for rows of <see cref="NoticeMessage.Kind"/>.</summary>
    public async Task HandleAsync(DueMessage due, CancellationToken cancellation)
    {
        var message = NoticeMessage.From(due.Row.Message);
        var delivered = $"{due.Row.Token:D}/delivered";
        // Sent before, but whoever sent it went before the row was deleted.
        if (await log.FindCommandAsync(NoticeSaga.Engine(message.Place).Actor, delivered, cancellation) is not null)
            return;
        try
        {
            var channel = _channels.GetValueOrDefault(message.Channel) ?? throw new UndeliverableException($"There is no channel named {message.Channel} any more.");
            await channel.SendAsync(await OutgoingAsync(due.Row, message, cancellation), cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && (e is UndeliverableException || due.Attempt >= options.MostAttempts))
        {
            // Another's words may hold what the message holds; of those only the type.
            var reason = e is UndeliverableException or DeliveryFailedException ? e.Message : e.GetType().Name;
            await RecordAsync(message, $"{due.Row.Token:D}/failed", new NoticeFailed(message.Delivery, reason), cancellation);
            throw;
        }

        await RecordAsync(message, delivered, new NoticeDelivered(message.Delivery), cancellation);
    }

    private async Task RecordAsync(NoticeMessage message, string id, InboxEvent happened, CancellationToken cancellation)
    {
        var engine = NoticeSaga.Engine(message.Place);
        var stream = StreamCommands.InboxOf(message.Person);
        var append = new StreamAppend(
            stream, "inbox", new ExpectedVersion.StreamExists(), [catalogue.Encode(happened, StreamCommands.Origin(engine, clock.GetUtcNow()), stream.ToString(), $"command:{id}")]);
        // The same message recorded by two relays, or again after a crash, is recorded once.
        if (await log.AppendAsync(new AppendRequest([append], new CommandId(engine.Actor, id, personal.RequestHash([]))), cancellation) is not (AppendResult.Appended or AppendResult.Repeated))
            throw new InvalidOperationException($"What became of message {message.Delivery} to {message.Person} could not be recorded.");
    }

    private async Task<OutgoingMessage> OutgoingAsync(OutboxRow row, NoticeMessage message, CancellationToken cancellation)
    {
        string[] ids = [.. message.Items.Select(item => item.Sent.Subject).Where(subject => subject.StartsWith("case:", StringComparison.Ordinal)).Select(subject => subject["case:".Length..]).Distinct(StringComparer.Ordinal)];
        var cases = await CasesAsync(ids, cancellation);
        // An urgent text comes before the read side knows the case; a moment later it says which.
        if (cases.Count < ids.Length && await IsReadAsync(row.Position, cancellation))
            cases = await CasesAsync(ids, cancellation);
        return new OutgoingMessage(row.Token, message.Person, message.Items.Count, [.. message.Items.Select(item => Item(item, cases.GetValueOrDefault(item.Sent.Subject)))]);
    }

    private async Task<bool> IsReadAsync(long position, CancellationToken cancellation)
    {
        var table = positions.Runners[TableNames.Cases];
        try
        {
            await table.WaitForAsync(new LogPosition(table.Position.Epoch, position), Patience, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            // A read side that stands still keeps nothing urgent back.
            return false;
        }
    }

    private OutgoingItem Item(MessageItem item, (string Number, string Category) of) => new(
        item.Id, item.Sent.Kind, NoticeWords.Of(item.Sent.Kind), item.Sent.Subject, of.Number,
        of.Category is { } code && organization.Now.KnownCategory(code) is { } category ? new Message(category.Name, category.NameEn) : null,
        item.Sent.Urgency ?? NoticeUrgency.Ordinary, item.Sent.Level, item.SentAt, item.Sent.DueAt, item.Sent.From?.Person, item.Sent.From?.Reason);

    /// <summary>Number and category of cases, as far as the read side has them.</summary>
    private async Task<Dictionary<string, (string Number, string Category)>> CasesAsync(string[] ids, CancellationToken cancellation)
    {
        var cases = new Dictionary<string, (string Number, string Category)>(StringComparer.Ordinal);
        if (ids.Length == 0)
            return cases;
        await using var command = database.CreateCommand($"select id, number, summary ->> 'category' from {TableNames.Cases} where id = any($1)");
        command.Parameters.Add(new() { Value = ids });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            cases[$"case:{reader.GetString(0)}"] = (reader.GetString(1), reader.GetString(2));
        return cases;
    }
}

/// <summary>Runs the relay for as long as the host runs.</summary>
public sealed class NoticeRelayWorker(OutboxRelay relay) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => relay.RunAsync(stoppingToken);
}
