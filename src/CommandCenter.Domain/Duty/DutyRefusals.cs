using System.Globalization;
using System.Text.Json;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Duty;

/// <summary>Why a move on a roster is refused: the frozen codes with their words, of the whole and of its lines.</summary>
public static class DutyRefusals
{
    private static readonly Dictionary<string, (Message Words, string[] Possible)> Codes = new(StringComparer.Ordinal)
    {
        ["duty.shift_unknown"] = (new("没有这个班次，或已撤销；请刷新值班表。", "There is no such shift, or it was cancelled; look at the roster again."), ["plan"]),
        ["duty.empty"] = (new("没有班次；请至少填写一个班次。", "There is no shift in it; give at least one."), ["plan"]),
        ["duty.too_many"] = (new("一次最多排 1200 个班次，请分月导入。", "At most 1,200 shifts are planned at once; import month by month."), ["plan"]),
        ["duty.not_plannable"] = (new("以下各行不能排班，整份均未保存；请修改后再试。", "These lines cannot be planned, so nothing was; mend them and try again."), ["plan"]),
        ["duty.gap"] = (new("以下时段无人值班；请补齐班次，确需空班的请注明“允许空班”。", "Nobody is on duty in these times; fill them, or say that they are left open on purpose."), ["plan", "cancel"]),
        ["duty.over"] = (new("该班次已结束，不能再换人或交接；请看后面的班次。", "The shift is over, and neither given to somebody else nor handed over any more; look at the later ones."), ["plan", "reassign", "hand-over", "take-over"]),
        ["duty.begun"] = (new("班次已开始，不能调班或撤班；可以换人。", "The shift has begun and can be neither swapped nor cancelled; it can be given to somebody else."), ["reassign"]),
        ["duty.same_person"] = (new("两个班次是同一人，无需调班。", "Both shifts have the same person; there is nothing to swap."), ["reassign"]),
        ["duty.overlap"] = (new("此人同一时段已有班次；请另选他人，或先调整那个班次。", "This person has another shift at that time; choose somebody else, or change that shift first."), ["reassign", "swap"]),
        ["duty.elsewhere"] = (new("此人同一时段在其他镇街（或区）值班；请另选他人，或先调整那边的班次。", "This person is on duty in another place at that time; choose somebody else, or have that shift changed first."), ["reassign", "swap"]),
        ["duty.not_yours"] = (new("只有当班人（或其代理人）能交班；本人不在的，由接班人或带班领导直接接班。", "Only whoever has the shift, or stands in for them, hands it over; where they are not there, the next takes over."), ["take-over"]),
        ["duty.relieved"] = (new("该班次已交接。", "The shift has been handed over and accepted."), []),
        ["duty.too_early"] = (new("交接班不早于下班前 1 小时；需要提前离岗的，请换人。", "A shift is handed over in its last hour; who has to leave before gives it to somebody else."), ["reassign"]),
        ["duty.nobody_follows"] = (new("后面没有要交接的班次：同一人连班，或未排班。请先排下一班。", "No shift of somebody else follows; plan the next one first."), ["plan"]),
        ["duty.does_not_follow"] = (new("所选班次不接续本班；请选同一角色、在本班结束前开始的班次。", "That shift does not follow this one: choose one of the same role that begins before this one ends."), ["hand-over", "take-over"]),
        ["duty.not_handed_over"] = (new("当班人尚未交班；其不在岗的，请直接接班并说明原因。", "It has not been handed over; if its person is not there, take it over and say why."), ["take-over"]),
        ["duty.not_for_you"] = (new("这一班不是交给您的；请由接班人接班，或由带班领导、调度员处理。", "It was not handed over to you; whoever follows accepts it, or somebody who plans the roster decides."), ["take-over"]),
        ["duty.handed_over"] = (new("当班人已交班给您，请确认接班。", "It has been handed over to you: accept it."), ["accept"]),
    };

    private static readonly Dictionary<string, Message> LineWords = new(StringComparer.Ordinal)
    {
        ["duty.line.reversed"] = new("下班时间应晚于上班时间。", "A shift ends after it begins."),
        ["duty.line.too_long"] = new("一个班次最长 24 小时，请分成几个班次。", "A shift has at most 24 hours; divide it."),
        ["duty.line.past"] = new("班次已经过去；请填写今后的时间。", "The shift is over already; give one that lies ahead."),
        ["duty.line.too_far"] = new("班次在 400 天之后，请核对日期。", "The shift begins in more than 400 days; check the date."),
        ["duty.line.overlap"] = new("此人同一时段已有班次；请另选他人或改时间。", "This person has another shift at that time; choose somebody else or another time."),
        ["duty.line.elsewhere"] = new("此人同一时段在其他镇街（或区）值班；请另选他人或改时间。", "This person is on duty in another place at that time; choose somebody else or another time."),
    };

    private static readonly Dictionary<DutyRole, Message> GapWords = new()
    {
        [DutyRole.Lead] = new("无带班领导", "no lead is planned"),
        [DutyRole.Operator] = new("无值班员", "no operator is planned"),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All { get; } = Codes.ToDictionary(row => row.Key, row => row.Value.Words, StringComparer.Ordinal);

    /// <summary>All codes of lines with their words.</summary>
    public static IReadOnlyDictionary<string, Message> AllLines { get; } = LineWords
        .Concat(GapWords.Select(row => KeyValuePair.Create(CodeOf(row.Key), row.Value))).ToDictionary(row => row.Key, row => row.Value, StringComparer.Ordinal);

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, IReadOnlyList<RefusalLine>? lines = null) => new(code, Codes[code].Words, Codes[code].Possible, lines);

    /// <summary>One shift of those that were to be planned.</summary>
    /// <param name="line">As in <see cref="ShiftPlan.Line"/>.</param>
    public static RefusalLine Line(string code, int line) => new(string.Create(CultureInfo.InvariantCulture, $"shifts/{line}"), code, LineWords[code]);

    /// <summary>A time in which nobody is planned.</summary>
    public static RefusalLine Gap(DutyGap gap) => new($"gaps/{DomainJson.Text(gap.From)}/{DomainJson.Text(gap.To)}", CodeOf(gap.Role), GapWords[gap.Role]);

    private static string CodeOf(DutyRole role) => $"duty.line.no_{JsonNamingPolicy.SnakeCaseLower.ConvertName($"{role}")}";
}
