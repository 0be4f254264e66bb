using System.Globalization;

namespace CommandCenter.Domain.Agendas;

/// <summary>Why a move on a committee's list is refused: the frozen codes with their words, which say what is possible instead.</summary>
public static class AgendaRefusals
{
    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["agenda.prepared_already"] = new("已有一次会议备会未结束；请先结束或取消。", "A meeting is prepared and not over; conclude or cancel it first."),
        ["agenda.none_prepared"] = new("没有已备的会议；请先备会收集末议题。", "No meeting is prepared; prepare one, which collects its last item."),
        ["agenda.start.out_of_range"] = new("会议时间应在今后六十天内。", "The meeting begins within the sixty days to come."),
        ["agenda.not_begun"] = new("会议尚未开始，不能结束；不开请取消。", "The meeting has not begun, so it cannot be concluded; if it will not be held, cancel it."),
        ["agenda.undecided"] = new("以下议题尚未议定：请明确牵头人和时限，或写明理由不列入。", "These items are undecided: name a lead and a day for each, or strike it with a reason."),
        ["agenda.item_unknown"] = new("末议题清单中没有这一项。", "There is no such item on the list."),
        ["agenda.case_elsewhere"] = new("该案件不在本镇街；请由所在镇街列入。", "The case lies in another town; that town's committee takes it on."),
        ["agenda.case_ended"] = new("案件已办结，无需列入；未解决可重新办理。", "The case has ended, so there is nothing to take on; if it is not solved, reopen it."),
        ["agenda.listed_already"] = new("案件已在清单中，请在该项下办理。", "The case is on the list already; go on with its item."),
        ["agenda.until_passed"] = new("办理时限应晚于当前时间。", "The day by which it is to be solved lies ahead."),
        ["agenda.no_lead"] = new("尚未明确牵头人；请先由会议明确，或不列入。", "Nobody leads it yet; name a lead first, or strike it."),
        ["agenda.not_lead"] = new("由牵头人汇报，或由办公室代记。", "Its lead reports, or the office writes down what was said."),
        ["agenda.led"] = new("已有专人牵头，须解决并考评后销项，不能直接不列入。", "Somebody leads it; it leaves the list once it is solved and appraised, and is not struck."),
        ["agenda.solved"] = new("已解决，请考评销项。", "It is solved; appraise it, and it leaves the list."),
        ["agenda.not_solved"] = new("案件尚未办结，不能考评；请继续汇报进展。", "The case has not come to its end, so it cannot be appraised; go on reporting."),
        ["agenda.own_work"] = new("不能考评自己牵头的事项，请由他人考评。", "Nobody appraises what they led themselves; somebody else does."),
        ["agenda.left"] = new("该项已离开清单；需要时可重新列入。", "It has left the list; if need be, put the case on it again."),
        ["agenda.score.out_of_range"] = new("考评为 1 至 5 分。", "The appraisal goes from 1 to 5."),
    };

    private static readonly Dictionary<string, Message> LineWords = new(StringComparer.Ordinal)
    {
        ["agenda.line.undecided"] = new("尚未明确牵头人，也未说明不列入。", "It has neither a lead nor a reason why it was struck."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <summary>All codes of lines with their words.</summary>
    public static IReadOnlyDictionary<string, Message> AllLines => LineWords;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, Agenda state, IReadOnlyList<RefusalLine>? lines = null) => new(code, Words[code], AgendaDecider.Possible(state), lines);

    /// <summary>One item that stands in the way.</summary>
    public static RefusalLine Line(string code, AgendaItem item) => new(string.Create(CultureInfo.InvariantCulture, $"items/{item.Number}"), code, LineWords[code], item.Case);
}
