using CommandCenter.Domain;
using CommandCenter.Domain.Meetings;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>What can be wrong with a request about a meeting before anything is decided.</summary>
internal static class MeetingProblems
{
    private const int MostTold = 100;

    public static ProblemException AreaUnknown() => new(422, "area.unknown", new("没有这个村、网格或小院。", "There is no such village, grid or yard."), "area");

    public static ProblemException StartOutOfRange() =>
        new(422, "meeting.start_out_of_range", new("计划时间应在今后一年内。", "A meeting is planned within the year to come."), "startsAt");

    /// <param name="errors">In the order of the lines; the first hundred are told.</param>
    public static ProblemException ListRefused(IReadOnlyList<ListError> errors) =>
        new(422, "meeting.list_refused", new($"清单有 {errors.Count} 处错误，没有导入任何一行。", $"The list has {errors.Count} mistakes; no line of it was taken."), "lines")
        {
            Lines = [.. errors.Take(MostTold).Select(error => new RefusalLine(error.Column.Length > 0 ? $"lines/{error.Line}/{error.Column}" : $"lines/{error.Line}", error.Code, error.Message))],
        };

    public static ProblemException NotText() =>
        new(422, "meeting.list_not_text", new("文件不是 UTF-8 或 GB 18030（GBK）编码的文本，请另存为 CSV 再导入。", "The file is text neither in UTF-8 nor in GB 18030 (GBK); save it as CSV and import it again."), "lines");
}
