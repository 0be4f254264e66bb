using System.Text.Json;
using CommandCenter.Domain;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Inbox;

/// <summary>Somebody with a name.</summary>
/// <param name="Name">Missing for who is no longer in the organization.</param>
public sealed record PersonView(string Id, Message? Name);

/// <summary>A message by which a notice was sent out.</summary>
/// <param name="Count">How many notices it holds: of several it is a digest.</param>
/// <param name="FailedAt">When it was given up, if it was; it may be delivered afterwards all the same.</param>
/// <param name="Failure">Why.</param>
public sealed record MessageView(string Channel, int Count, DateTimeOffset QueuedAt, DateTimeOffset? DeliveredAt = null, DateTimeOffset? FailedAt = null, string? Failure = null);

/// <summary>From whom a notice came on.</summary>
public sealed record PassedFromView(PersonView Person, PassOnReason Reason, PassOnStep Step);

/// <summary>To whom it went on.</summary>
public sealed record PassedToView(IReadOnlyList<PersonView> People, PassOnReason Reason, PassOnStep Step, DateTimeOffset At);

/// <summary>What became of a notice besides being read.</summary>
/// <param name="Standing">Unread means: nothing but perhaps read.</param>
public sealed record ReceiptView(NoticeStanding Standing, IReadOnlyList<MessageView> Messages, PassedFromView? From = null, PassedToView? To = null);

/// <summary>Reads what became of notices from the read tables.</summary>
internal static class Receipts
{
    /// <summary>Of <c>inbox_notices_v2 n</c>, in the order that <see cref="Read"/> expects.</summary>
    public const string Columns =
        """
        n.ended, n.ended_at, n.passed_to, n.passed_reason, n.passed_step, n.from_person, n.from_reason, n.from_step,
          (select json_agg(json_build_object('channel', m.channel, 'count', cardinality(m.notices), 'queuedAt', m.queued_at, 'deliveredAt', m.delivered_at, 'failedAt', m.failed_at, 'failure', m.failure) order by m.delivery)::text
           from inbox_messages_v2 m where m.person = n.person and m.notices @> array[n.id])
        """;

    /// <param name="first">The number of the first of <see cref="Columns"/>.</param>
    public static ReceiptView Read(NpgsqlDataReader row, int first, OrganizationDirectory organization)
    {
        var standing = Named<NoticeStanding>(row, first) ?? NoticeStanding.Unread;
        var to = row.IsDBNull(first + 2)
            ? null
            : new PassedToView([.. row.GetFieldValue<string[]>(first + 2).Select(id => Person(id, organization))], Named<PassOnReason>(row, first + 3)!.Value, Named<PassOnStep>(row, first + 4)!.Value, row.GetFieldValue<DateTimeOffset>(first + 1));
        var from = row.IsDBNull(first + 5)
            ? null
            : new PassedFromView(Person(row.GetString(first + 5), organization), Named<PassOnReason>(row, first + 6)!.Value, Named<PassOnStep>(row, first + 7)!.Value);
        return new ReceiptView(standing, row.IsDBNull(first + 8) ? [] : JsonSerializer.Deserialize<IReadOnlyList<MessageView>>(row.GetString(first + 8), DomainJson.Options)!, from, to);
    }

    public static PersonView Person(string id, OrganizationDirectory organization) => new(id, organization.FindPerson(id) is { } person ? new(person.Name, person.NameEn) : null);

    private static T? Named<T>(NpgsqlDataReader row, int column)
        where T : struct, Enum => !row.IsDBNull(column) && Names.TryParse<T>(row.GetString(column), out var value) ? value : null;
}
