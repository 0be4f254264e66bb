using CommandCenter.Domain;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Agendas;

/// <summary>Somebody who leads, reports or appraises.</summary>
/// <param name="Name">Missing for who is no longer in the organization.</param>
public sealed record AgendaPerson(string Id, Message? Name, Role Role)
{
    internal static AgendaPerson Of(string person, Role role, OrganizationDirectory organization) =>
        new(person, organization.KnownPerson(person) is { } known ? new Message(known.Name, known.NameEn) : null, role);
}

/// <summary>Who leads a matter.</summary>
/// <param name="Overdue">Whether the day by which it was to be solved has passed, and it is not.</param>
public sealed record AgendaLeadView(AgendaPerson Person, DateTimeOffset Until, bool Overdue);

/// <summary>A case behind an item, with what the board knows of it.</summary>
/// <param name="Number">Missing for a moment, until the read side has numbered it; so are its words and stage.</param>
/// <param name="Text">With a mark in the place of each sealed span.</param>
public sealed record AgendaCase(string Id, string? Number, string? Text, string? Category, AreaCode? Area, CaseStage? Stage);

/// <summary>A matter in a list of several towns.</summary>
/// <param name="ReportDue">Whether its lead owes the prepared meeting a report.</param>
public sealed record AgendaListItem(
    AreaCode Town, int Item, AgendaItemStage Stage, AgendaCase Case, IReadOnlyList<AgendaReason> Reasons, AgendaLeadView? Lead, int Reports, int Missed, bool ReportDue, DateTimeOffset CollectedAt);

/// <summary>What the slice's answers have in common.</summary>
internal static class AgendaViews
{
    public static AgendaListItem ListItem(AreaCode town, Agenda agenda, AgendaItem item, IReadOnlyDictionary<string, AgendaCase> cases, OrganizationDirectory organization, DateTimeOffset now) => new(
        town, item.Number, item.Stage, cases.GetValueOrDefault(item.Case) ?? new AgendaCase(item.Case, null, null, null, null, null), item.Reasons, Lead(item, organization, now),
        item.Reports.Count, item.Missed.Count, agenda.Prepared is { Number: var meeting } && item.OwesReport(meeting), item.CollectedAt);

    public static AgendaLeadView? Lead(AgendaItem item, OrganizationDirectory organization, DateTimeOffset now) => item.Lead is { } lead
        ? new AgendaLeadView(AgendaPerson.Of(lead.Person, lead.Role, organization), lead.Until, item.Stage == AgendaItemStage.Led && lead.Until < now)
        : null;

    /// <summary>The cases by their ids, as far as the read side has them.</summary>
    public static async Task<IReadOnlyDictionary<string, AgendaCase>> CasesAsync(IEnumerable<string> ids, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select id, number, summary ->> 'text', summary ->> 'category', area, stage from {TableNames.Cases} where id = any($1)");
        command.Parameters.Add(new() { Value = ids.Distinct(StringComparer.Ordinal).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var cases = new Dictionary<string, AgendaCase>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            var stage = Names.TryParse<CaseStage>(reader.GetString(5), out var named) ? named : (CaseStage?)null;
            cases.Add(reader.GetString(0), new AgendaCase(reader.GetString(0), reader.GetString(1), Masks.InLists(reader.GetString(2)), reader.GetString(3), AreaCode.Parse(reader.GetString(4)), stage));
        }

        return cases;
    }
}
