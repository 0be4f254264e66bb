using System.Text;

namespace CommandCenter.Domain.Organization;

/// <summary>One record of a CSV file; fields by column name, trimmed.</summary>
/// <param name="Line">The line on which the record begins, counted from 1.</param>
internal sealed record CsvRow(int Line, IReadOnlyDictionary<string, string> Fields)
{
    public string this[string column] => Fields[column];
}

/// <summary>RFC 4180 with a header line: quoted fields with commas, quotes and line breaks; LF or CRLF; a byte order mark is skipped, and so are lines without anything in them, with or without commas, as spreadsheets leave them.</summary>
internal static class CsvTable
{
    /// <summary>The rows in order; what does not fit is left out and reported.</summary>
    /// <param name="columns">These columns, in any order.</param>
    /// <param name="optional">Columns that may be left out; their fields are empty then.</param>
    public static List<CsvRow> Read(string file, string text, IReadOnlyList<string> columns, List<OrganizationError> errors, params IReadOnlyList<string> optional)
    {
        var rows = new List<CsvRow>();
        var records = Records(file, text, errors);
        if (records is null)
            return rows;

        if (records.Count == 0)
        {
            errors.Add(new(file, 1, "", "empty_file", "文件为空，缺少表头", "The file is empty; the header line is missing."));
            return rows;
        }

        var (headerLine, header) = records[0];
        var before = errors.Count;
        foreach (var name in columns.Where(name => !header.Contains(name)))
            errors.Add(new(file, headerLine, name, "missing_column", $"缺少列“{name}”", $"Column '{name}' is missing."));
        foreach (var name in header.Where(name => !columns.Contains(name) && !optional.Contains(name)))
            errors.Add(new(file, headerLine, name, "unknown_column", $"未知的列“{name}”", $"Column '{name}' is unknown."));
        foreach (var name in header.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key))
            errors.Add(new(file, headerLine, name, "duplicate_column", $"列“{name}”重复", $"Column '{name}' occurs twice."));
        if (errors.Count > before)
            return rows;

        foreach (var (line, fields) in records.Skip(1))
        {
            if (fields.Count != header.Count)
            {
                errors.Add(new(file, line, "", "field_count", $"应有{header.Count}个字段，实有{fields.Count}个", $"{header.Count} fields expected, {fields.Count} found."));
                continue;
            }

            var row = header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
            foreach (var left in optional)
                row.TryAdd(left, "");
            rows.Add(new(line, row));
        }

        return rows;
    }

    // Null when the quoting is broken: from there on no line can be trusted.
    private static List<(int Line, List<string> Fields)>? Records(string file, string text, List<OrganizationError> errors)
    {
        var records = new List<(int, List<string>)>();
        var fields = new List<string>();
        var field = new StringBuilder();
        int line = 1, recordLine = 1, i = text.StartsWith('\uFEFF') ? 1 : 0;
        bool quoted = false, wasQuoted = false, anyQuoted = false;
        var quoteLine = 1;

        while (i <= text.Length)
        {
            var c = i < text.Length ? text[i] : '\0';
            var atEnd = i == text.Length;
            var lineBreak = !atEnd && (c == '\n' || (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n'));
            if (quoted)
            {
                if (atEnd)
                    return Broken(quoteLine, "引号没有结束", "A quoted field is not closed.");
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i += 2;
                    continue;
                }

                if (c == '"')
                {
                    quoted = false;
                }
                else if (lineBreak)
                {
                    field.Append('\n');
                    line++;
                    i += c == '\r' ? 1 : 0;
                }
                else
                {
                    field.Append(c);
                }

                i++;
                continue;
            }

            if (atEnd || c == ',' || lineBreak)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
                wasQuoted = false;
                if (c == ',' && !atEnd)
                {
                    i++;
                    continue;
                }

                if (anyQuoted || fields.Exists(text => text.Length > 0))
                    records.Add((recordLine, fields));
                fields = [];
                anyQuoted = false;
                i += c == '\r' ? 2 : 1;
                recordLine = ++line;
                continue;
            }

            if (c == '"' && field.Length == 0 && !wasQuoted)
            {
                quoted = wasQuoted = anyQuoted = true;
                quoteLine = line;
            }
            else if (c == '"' || wasQuoted)
            {
                // A forgotten closing quote shows only at the next quote, so the field's first line is named.
                return Broken(wasQuoted ? quoteLine : line, "引号前后有多余的字符", "A quote stands inside a field, or text follows a closing quote.");
            }
            else
            {
                field.Append(c);
            }

            i++;
        }

        return records;

        List<(int, List<string>)>? Broken(int at, string zh, string en)
        {
            errors.Add(new(file, at, "", "broken_csv", zh, en));
            return null;
        }
    }
}
