using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Meetings;

/// <summary>A line of a list as somebody wrote it, every field as text; what is left out is empty.</summary>
/// <param name="Line">Where to find it again: in a file its line, counted from 1 with the header; in a form its number.</param>
public sealed record ListRow(
    int Line, string Kind, string Text, string Category, string Area = "", string Urgency = "", string Outcome = "", string Photos = "", string Reporter = "", string Phone = "");

/// <summary>A line that can be taken.</summary>
/// <param name="Row">As written.</param>
/// <param name="Photos">How it looks, and of a line solved on the spot the proof: <c>sha256:…</c> of files uploaded before.</param>
/// <param name="Outcome">Of a line solved on the spot: how.</param>
public sealed record DraftLine(
    ListRow Row, LineKind Kind, string Text, AreaCode Area, string Category, Urgency Urgency, string? Outcome, IReadOnlyList<string> Photos, string? Reporter, string? Phone)
{
    /// <summary>What makes it the same matter as another: the words without their spaces, and the place.</summary>
    public string Identity => $"{Area}\n{string.Concat(Text.Where(c => !char.IsWhiteSpace(c)))}";

    /// <summary>All that it says, in one form.</summary>
    public string Content => JsonSerializer.Serialize((string?[])[$"{Kind}", Text, Area.Value, Category, $"{Urgency}", Outcome, string.Join(' ', Photos), Reporter, Phone]);
}

/// <summary>One mistake in one line, said in both languages with what is allowed instead.</summary>
/// <param name="Line">As in <see cref="ListRow.Line"/>.</param>
/// <param name="Column">The column's or member's name in English; empty when the whole line or file is meant.</param>
/// <param name="Code">Stable, snake_case, such as <c>unknown_category</c>.</param>
public sealed record ListError(int Line, string Column, string Code, Message Message);

/// <summary>Reads the list of a yard meeting, from a CSV file or a form: every line of it or none. Pure.</summary>
/// <remarks>
/// The file is UTF-8 with a header line in English or in Chinese: kind 办理层级, text 问题, category 类别, area 地点, urgency 紧急程度, outcome 处理结果, photos 照片, reporter 反映人, phone 联系电话.
/// Codes may be written as code or as name.
/// </remarks>
public static class MeetingListReader
{
    public const int MostLines = 200;
    private const int FreeText = 2000;
    private const int Note = 500;
    private const int Name = 50;
    private const int MostPhotos = 9;

    private static readonly (string En, string Zh)[] Columns =
    [
        ("kind", "办理层级"), ("text", "问题"), ("category", "类别"), ("area", "地点"), ("urgency", "紧急程度"), ("outcome", "处理结果"), ("photos", "照片"), ("reporter", "反映人"), ("phone", "联系电话"),
    ];

    private static readonly Dictionary<string, LineKind> Kinds = new(StringComparer.Ordinal)
    {
        ["on_spot"] = LineKind.OnSpot, ["现场解决"] = LineKind.OnSpot,
        ["village"] = LineKind.Village, ["实事"] = LineKind.Village,
        ["town"] = LineKind.Town, ["要事"] = LineKind.Town,
        ["district"] = LineKind.District, ["大事"] = LineKind.District,
    };

    private static readonly Dictionary<string, Urgency> Urgencies = new(StringComparer.Ordinal)
    {
        [""] = Urgency.Normal, ["normal"] = Urgency.Normal, ["一般"] = Urgency.Normal,
        ["urgent"] = Urgency.Urgent, ["紧急"] = Urgency.Urgent,
        ["emergency"] = Urgency.Emergency, ["特急"] = Urgency.Emergency,
    };

    /// <summary>The rows of a CSV file, or what is wrong with the file.</summary>
    public static (IReadOnlyList<ListRow> Rows, IReadOnlyList<ListError> Errors) ReadCsv(string text)
    {
        var faults = new List<OrganizationError>();
        // The header speaks one language: as soon as it has one Chinese column, all are taken for Chinese.
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var header = end < 0 ? text : text[..end];
        var chinese = Array.Exists(Columns, column => header.Contains(column.Zh, StringComparison.Ordinal));
        string[] names = [.. Columns.Select(column => chinese ? column.Zh : column.En)];
        var rows = CsvTable.Read("", text, names, faults);
        return (
            [.. rows.Select(row => new ListRow(row.Line, row[names[0]], row[names[1]], row[names[2]], row[names[3]], row[names[4]], row[names[5]], row[names[6]], row[names[7]], row[names[8]]))],
            [.. faults.Select(fault => new ListError(fault.Line, English(fault.Column), fault.Code, Helped(fault)))]);

        Message Helped(OrganizationError fault) => fault.Code is "missing_column" or "unknown_column"
            ? new($"{fault.MessageZh}；表头应为：{string.Join("、", Columns.Select(column => column.Zh))}", $"{fault.MessageEn} The header is: {string.Join(", ", Columns.Select(column => column.En))}.")
            : new(fault.MessageZh, fault.MessageEn);
    }

    /// <summary>The lines that the rows stand for, or everything that is wrong with them, in the order of the lines.</summary>
    /// <param name="meeting">The meeting's area: where a line names none that is a grid or yard, its matter is there.</param>
    /// <param name="organization">Areas and categories.</param>
    /// <param name="hasProof">Whether the minutes have photos, which prove what was solved on the spot.</param>
    public static (IReadOnlyList<DraftLine> Lines, IReadOnlyList<ListError> Errors) Read(IReadOnlyList<ListRow> rows, AreaCode meeting, OrganizationDirectory organization, bool hasProof)
    {
        if (rows.Count > MostLines)
            return ([], [new(rows[MostLines].Line, "", "too_many_lines", new($"一份清单最多{MostLines}行，现有{rows.Count}行；请分开导入", $"A list has at most {MostLines} lines, not {rows.Count}; import it in parts."))]);

        var work = new Work(meeting, organization, hasProof);
        foreach (var row in rows)
            work.Read(row);
        return work.Errors.Count == 0 ? (work.Lines, []) : ([], work.Errors);
    }

    private static string English(string column) => Array.Find(Columns, known => known.Zh == column).En ?? column;

    private sealed class Work(AreaCode meeting, OrganizationDirectory organization, bool hasProof)
    {
        private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

        public List<DraftLine> Lines { get; } = [];

        public List<ListError> Errors { get; } = [];

        public void Read(ListRow row)
        {
            var before = Errors.Count;
            if (!Kinds.TryGetValue(row.Kind, out var kind))
                Fault(row, "kind", "unknown_kind", $"“{row.Kind}”不是办理层级，应为：现场解决、实事、要事、大事", $"'{row.Kind}' is none of on_spot, village, town, district.");
            Text(row, "text", row.Text, FreeText, required: true);
            var category = Category(row);
            var area = Area(row);
            if (!Urgencies.TryGetValue(row.Urgency, out var urgency))
                Fault(row, "urgency", "unknown_urgency", $"“{row.Urgency}”不是紧急程度，应为：一般、紧急、特急或空", $"'{row.Urgency}' is none of normal, urgent, emergency, nor empty.");
            Text(row, "reporter", row.Reporter, Name);
            Text(row, "phone", row.Phone, Name);
            var photos = row.Photos.Split((char[])[' ', '\t', '\n', ';', '；'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).ToList();
            if (photos.Count > MostPhotos)
                Fault(row, "photos", "too_many_photos", $"一个问题最多{MostPhotos}张照片", $"A line has at most {MostPhotos} photos.");
            if (Kinds.ContainsKey(row.Kind))
                Proof(row, kind, photos);
            if (Errors.Count > before)
                return;

            var line = new DraftLine(row, kind, row.Text, area!.Value, category!.Code, urgency, Optional(row.Outcome), photos, Optional(row.Reporter), Optional(row.Phone));
            if (!_seen.TryAdd(line.Identity, row.Line))
                Fault(row, "text", "duplicate_line", $"与第{_seen[line.Identity]}行是同一地点的同一问题，请删去一行", $"The same matter at the same place stands on line {_seen[line.Identity]}; take one of them out.");
            else
                Lines.Add(line);
        }

        private void Proof(ListRow row, LineKind kind, List<string> photos)
        {
            if (kind != LineKind.OnSpot)
            {
                if (row.Outcome.Length > 0)
                    Fault(row, "outcome", "outcome_of_on_spot", "只有现场解决的问题填处理结果，其余应为空", "Only a line solved on the spot has an outcome; leave it empty.");
                return;
            }

            Text(row, "outcome", row.Outcome, Note, required: true);
            if (photos.Count == 0 && !hasProof)
                Fault(row, "photos", "proof_missing", "现场解决须有照片：请先上传并填写，或先记录带照片的会议纪要", "A matter solved on the spot needs a photo: upload it and name it here, or record minutes with photos first.");
        }

        private Category? Category(ListRow row)
        {
            var found = organization.FindCategory(row.Category) ?? organization.Categories.FirstOrDefault(category => category.Name == row.Category || category.NameEn == row.Category);
            if (found is null)
            {
                // Those that share most letters: usually it is a word too many or too few.
                var near = organization.Categories.OrderByDescending(category => category.Name.Intersect(row.Category).Count()).Take(5).ToList();
                Fault(row, "category", "unknown_category",
                    $"目录中没有类别“{row.Category}”，应为目录中的代码或名称，例如：{string.Join("、", near.Select(category => category.Name))}",
                    $"The catalogue has no category '{row.Category}'; a code or name of it is expected, such as {string.Join(", ", near.Select(category => category.Code))}.");
            }

            return found;
        }

        private AreaCode? Area(ListRow row)
        {
            if (row.Area.Length == 0)
            {
                if (IsPlace(meeting))
                    return meeting;
                Fault(row, "area", "area_missing", $"全村的会须写明地点：{Examples()}", $"A line of a meeting of a whole village names its place: {Examples()}.");
                return null;
            }

            if (AreaCode.TryParse(row.Area, out var code) && organization.FindArea(code) is not null && IsPlace(code))
            {
                if (meeting.At(AreaLevel.Town)!.Value.Contains(code))
                    return code;
                Fault(row, "area", "area_outside_town", $"“{row.Area}”不在本镇街，请登记到本镇街的网格或小院，再由中心转办", $"'{row.Area}' is in another town; name a grid or yard of this town and let the center pass it on.");
                return null;
            }

            // Names are those of the meeting's village: elsewhere there may be a yard of the same name.
            var named = organization.Areas.Where(area => area.Name == row.Area && IsPlace(area.Code) && meeting.At(AreaLevel.Village)!.Value.Contains(area.Code)).ToList();
            if (named.Count == 1)
                return named[0].Code;
            if (named.Count > 1)
                Fault(row, "area", "ambiguous_area", $"本村有多个“{row.Area}”，请填代码：{Codes(named)}", $"'{row.Area}' is the name of several; write the code: {Codes(named)}.");
            else
                Fault(row, "area", "unknown_area", $"没有网格或小院“{row.Area}”，应为代码或本村的名称，例如：{Examples()}", $"There is no grid or yard '{row.Area}'; a code or a name of this village is expected, such as {Examples()}.");
            return null;
        }

        private string Examples() => string.Join("、", organization.Areas.Where(area => IsPlace(area.Code) && meeting.At(AreaLevel.Village)!.Value.Contains(area.Code)).Take(5).Select(area => area.Name));

        private static string Codes(List<Area> areas) => string.Join("、", areas.Select(area => area.Code.Value));

        private static bool IsPlace(AreaCode code) => code.Level is AreaLevel.Grid or AreaLevel.Yard;

        private static string? Optional(string text) => text.Length == 0 ? null : text;

        private void Text(ListRow row, string column, string text, int limit, bool required = false)
        {
            if (required && text.Length == 0)
                Fault(row, column, "missing", "此栏必填", "This column has to be filled.");
            else if (text.Length > limit)
                Fault(row, column, "too_long", $"最多{limit}字，现有{text.Length}字", $"At most {limit} characters, not {text.Length}.");
            else if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
                Fault(row, column, "control_character", "含控制字符，请重新输入这一栏", "It holds a control character; type this field again.");
        }

        private void Fault(ListRow row, string column, string code, string zh, string en) => Errors.Add(new(row.Line, column, code, new(zh, en)));
    }
}
