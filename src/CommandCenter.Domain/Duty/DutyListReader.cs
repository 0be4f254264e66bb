using System.Globalization;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Duty;

/// <summary>A shift as somebody wrote it.</summary>
/// <param name="Line">Where to find it again: in a file its line, counted from 1 with the header; in a form its number.</param>
/// <param name="From">In a file the time on the wall, <c>2026-03-02 08:00</c>; in a form an instant.</param>
public sealed record ShiftRow(int Line, string Person, string From, string To, string Role);

/// <summary>Reads a roster, from a CSV file or a form: every line of it or none. Pure.</summary>
/// <remarks>
/// The file's text has a header line in English or in Chinese: person 人员, from 上班, to 下班, role 值班角色. People by id or by name, roles lead 带班领导 or operator 值班员, times as read
/// from the clock on the wall in the district's zone.
/// </remarks>
public static class DutyListReader
{
    private static readonly (string En, string Zh)[] Columns = [("person", "人员"), ("from", "上班"), ("to", "下班"), ("role", "值班角色")];

    private static readonly Dictionary<string, DutyRole> Roles = new(StringComparer.Ordinal)
    {
        ["lead"] = DutyRole.Lead, ["带班领导"] = DutyRole.Lead, ["operator"] = DutyRole.Operator, ["值班员"] = DutyRole.Operator,
    };

    private static readonly string[] Forms = ["yyyy-MM-dd HH:mm", "yyyy/MM/dd HH:mm", "yyyy/M/d H:mm", "yyyy-MM-dd'T'HH:mm"];

    /// <summary>The shifts of a CSV file, or what is wrong with it, in the order of the lines.</summary>
    /// <param name="place">Whose roster it is.</param>
    public static (IReadOnlyList<ShiftPlan> Shifts, IReadOnlyList<RefusalLine> Errors) ReadCsv(string text, AreaCode place, OrganizationDirectory organization)
    {
        var faults = new List<OrganizationError>();
        // The header speaks one language: as soon as it has one Chinese column, all are taken for Chinese.
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var header = end < 0 ? text : text[..end];
        var chinese = Array.Exists(Columns, column => header.Contains(column.Zh, StringComparison.Ordinal));
        string[] names = [.. Columns.Select(column => chinese ? column.Zh : column.En)];
        var rows = CsvTable.Read("", text, names, faults);
        return faults.Count > 0
            ? ([], [.. faults.Select(fault => Fault(fault.Line, Array.Find(Columns, column => column.Zh == fault.Column).En ?? fault.Column, fault.Code, fault.MessageZh, fault.MessageEn))])
            : Read([.. rows.Select(row => new ShiftRow(row.Line, row[names[0]], row[names[1]], row[names[2]], row[names[3]]))], place, organization);
    }

    /// <summary>The shifts that the rows stand for, or everything that is wrong with them, in the order of the lines.</summary>
    /// <param name="place">Whose roster it is.</param>
    public static (IReadOnlyList<ShiftPlan> Shifts, IReadOnlyList<RefusalLine> Errors) Read(IReadOnlyList<ShiftRow> rows, AreaCode place, OrganizationDirectory organization)
    {
        List<ShiftPlan> shifts = [];
        List<RefusalLine> errors = [];
        foreach (var row in rows)
        {
            var before = errors.Count;
            var person = Person(row);
            var (from, to) = (At(row, "from", row.From), At(row, "to", row.To));
            if (!Roles.TryGetValue(row.Role, out var role))
                errors.Add(Fault(row.Line, "role", "unknown_role", $"“{row.Role}”不是值班角色，应为：带班领导、值班员", $"'{row.Role}' is none of lead, operator."));
            if (errors.Count == before)
                shifts.Add(new ShiftPlan(row.Line, person!, from!.Value, to!.Value, role));
        }

        return errors.Count > 0 ? ([], errors) : (shifts, []);

        string? Person(ShiftRow row)
        {
            var named = organization.FindPerson(row.Person) is { } one ? [one] : organization.People.Where(person => person.Name == row.Person && MayStandBy(person, place, organization)).ToList();
            if (named is [var person] && MayStandBy(person, place, organization))
                return person.Id;
            errors.Add(named.Count switch
            {
                0 => Fault(row.Line, "person", "unknown_person", $"没有人员“{row.Person}”，应为本地在任人员的编号或姓名", $"There is no '{row.Person}'; the id or name of somebody who holds a seat of this place is expected."),
                1 => Fault(row.Line, "person", "person_elsewhere", $"“{row.Person}”在此地没有职务，不能排班；请选本地在任人员", $"'{row.Person}' holds no seat of this place; choose somebody who does."),
                _ => Fault(row.Line, "person", "ambiguous_person", $"有多个“{row.Person}”，请填编号：{string.Join("、", named.Select(one => one.Id))}", $"Several are called '{row.Person}'; write the id: {string.Join(", ", named.Select(one => one.Id))}."),
            });
            return null;
        }

        DateTimeOffset? At(ShiftRow row, string column, string text)
        {
            if (DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) && !organization.TimeZone.IsInvalidTime(wall))
                return new DateTimeOffset(wall, organization.TimeZone.GetUtcOffset(wall)).ToUniversalTime();
            // Without a zone the reader would take the host's, which says nothing about the district.
            if (text.Length >= 17 && text.Contains('T', StringComparison.Ordinal) && (text.EndsWith('Z') || text[^6] is '+' or '-')
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant))
                return instant.ToUniversalTime();
            errors.Add(Fault(row.Line, column, "broken_time", $"“{text}”应为时间，如2026-03-02 08:00", $"'{text}' has to be a time such as 2026-03-02 08:00."));
            return null;
        }
    }

    /// <summary>Whether somebody can be on duty at a place: they hold a seat of it, inside it, or above it.</summary>
    public static bool MayStandBy(Person person, AreaCode place, OrganizationDirectory organization) =>
        organization.HeldSeatsOf(person).Any(seat => place.Contains(seat.Place) || seat.Place.Contains(place));

    private static RefusalLine Fault(int line, string column, string code, string zh, string en) =>
        new(string.Create(CultureInfo.InvariantCulture, $"shifts/{line}{(column.Length > 0 ? $"/{column}" : "")}"), $"duty.line.{code}", new(zh, en));
}
