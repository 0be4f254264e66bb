using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Meetings;

/// <summary>Somebody who did something for a meeting.</summary>
/// <param name="For">The absent person for whom they stood in.</param>
public sealed record MeetingPerson(string Id, string Name, string NameEn, Role Role, PersonName? For = null)
{
    internal static MeetingPerson Of(By by, OrganizationDirectory organization)
    {
        var person = organization.KnownPerson(by.Actor) ?? new PersonName(by.Actor, by.Actor, by.Actor);
        return new(by.Actor, person.Name, person.NameEn, by.Role, StandIns.Of(by, organization.KnownPerson));
    }
}

/// <summary>How the yard was told of a line.</summary>
/// <param name="At">When, as given.</param>
public sealed record LineFeedbackView(FeedbackWay Way, MeetingPerson By, DateTimeOffset At);

/// <summary>A line of a meeting's account, with its case.</summary>
/// <param name="CaseNumber">Missing for a moment, until the read side has numbered the case; so are its words and stage.</param>
/// <param name="Text">What was said, with <c>⟦personal⟧</c> in the place of each sealed span.</param>
/// <param name="Outcome">What became of it; missing while it is in hand.</param>
/// <param name="Open">Whether somebody still has to act, be it in another town.</param>
/// <param name="FeedbackDue">Whether the yard is owed an answer.</param>
public sealed record LineView(
    int Number,
    LineKind Kind,
    string CaseId,
    string? CaseNumber,
    string? Text,
    AreaCode Area,
    string Category,
    CaseStage? CaseStage,
    DateTimeOffset? DueAt,
    LineOutcome? Outcome,
    DateTimeOffset? SettledAt,
    bool Open,
    bool FeedbackDue,
    LineFeedbackView? Feedback);

/// <summary>The lines of a meeting with what the board knows of their cases.</summary>
internal static class LineViews
{
    public static Task<IReadOnlyList<LineView>> OfAsync(MeetingFile file, NpgsqlDataSource database, OrganizationDirectory organization, CancellationToken cancellation) =>
        OfAsync([.. file.Lines.Values], database, organization, cancellation);

    /// <returns>In the order of the lines.</returns>
    public static async Task<IReadOnlyList<LineView>> OfAsync(IReadOnlyList<AccountLine> lines, NpgsqlDataSource database, OrganizationDirectory organization, CancellationToken cancellation)
    {
        var cases = new Dictionary<string, (string Number, string Text, CaseStage? Stage, DateTimeOffset? DueAt)>(StringComparer.Ordinal);
        await using var command = database.CreateCommand("select id, number, summary ->> 'text', stage, late_at from board_cases_v1 where id = any($1)");
        command.Parameters.Add(new() { Value = lines.Select(line => line.Listed.Case).Distinct().ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var stage = Names.TryParse<CaseStage>(reader.GetString(3), out var named) ? named : (CaseStage?)null;
                cases.Add(reader.GetString(0), (reader.GetString(1), Masks.InLists(reader.GetString(2)), stage, reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4)));
            }
        }

        return [.. lines.Select(View)];

        LineView View(AccountLine line)
        {
            var known = cases.TryGetValue(line.Listed.Case, out var found);
            return new LineView(
                line.Number, line.Listed.Kind, line.Listed.Case, known ? found.Number : null, known ? found.Text : null, line.Listed.Area, line.Listed.Category, known ? found.Stage : null, known ? found.DueAt : null,
                line.Standing.Outcome, line.SettledAt, line.IsOpen, line.IsFeedbackDue,
                line.Feedback is { } feedback ? new LineFeedbackView(feedback.Way, MeetingPerson.Of(feedback.By, organization), feedback.At) : null);
        }
    }
}
