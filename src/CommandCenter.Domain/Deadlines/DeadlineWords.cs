using System.Globalization;

namespace CommandCenter.Domain.Deadlines;

/// <summary>What one part of an explanation says.</summary>
public enum ReasonKind
{
    /// <summary>The limit and from when.</summary>
    Started,

    /// <summary>A pause.</summary>
    Paused,

    /// <summary>An extension.</summary>
    Extended,

    /// <summary>A recount.</summary>
    Recounted,

    /// <summary>Days off by a holiday, which did not count.</summary>
    Holiday,

    /// <summary>A weekend day that was worked, which did.</summary>
    MadeUp,

    /// <summary>The deadline.</summary>
    Due,

    /// <summary>There is no deadline while it is paused.</summary>
    NotDue,

    /// <summary>The deadline may change when a year is announced.</summary>
    Provisional,

    /// <summary>The version of the policy.</summary>
    Policy,

    /// <summary>The end, in time or late.</summary>
    Ended,
}

/// <summary>One reason of a deadline, as data and in words.</summary>
/// <param name="At">When it happened, or the deadline.</param>
/// <param name="Until">The end of a pause.</param>
/// <param name="From">The first day of a holiday.</param>
/// <param name="To">The last day of a holiday.</param>
/// <param name="Late">Of an end; of a recount true where the deadline had passed before.</param>
public sealed record DeadlineReason(
    ReasonKind Kind, Message Words, DateTimeOffset? At = null, DateTimeOffset? Until = null, Limit? Limit = null, DateOnly? From = null, DateOnly? To = null, bool? Late = null);

/// <summary>Says why a deadline is what it is, in both languages.</summary>
public static class DeadlineWords
{
    /// <summary>The reasons in the order in which they are told.</summary>
    /// <param name="nameOf">A person's name for their id, in both languages.</param>
    public static IReadOnlyList<DeadlineReason> Reasons(ClockTrace trace, WorkingTime time, Func<string, Message> nameOf)
    {
        var first = trace.Allowances[0];
        var limit = Of(first.Limit);
        List<DeadlineReason> reasons =
        [
            new(ReasonKind.Started, new($"{limit.Zh}，自 {Zh(trace.StartedAt, time)} 起", $"{limit.En} from {En(trace.StartedAt, time)}"), trace.StartedAt, Limit: first.Limit),
        ];
        foreach (var pause in Paused(trace))
            reasons.Add(Of(pause, time, nameOf));
        foreach (var more in trace.Allowances.Skip(1))
        {
            var (by, names) = (Of(more.Limit), Names(more.ApprovedBy, nameOf));
            reasons.Add(new(ReasonKind.Extended, new($"{Zh(more.GrantedAt, time)} 延期 {by.Zh}{names.Zh}", $"extended by {by.En} on {En(more.GrantedAt, time)}{names.En}"), more.GrantedAt, Limit: more.Limit));
        }

        foreach (var recount in trace.Recounts)
        {
            var (zh, en) = recount.Cause switch
            {
                RecountCause.Policy => ("因时限规则更换", "another policy"),
                RecountCause.Urgency => ("因紧急程度改变", "another urgency"),
                _ => ("因节假日安排公布", "the calendar was announced"),
            };
            var (stays, stayed) = recount.Late ? ("，此前已超期，仍计为超期", "; it was late already and stays so") : ("", "");
            reasons.Add(new(ReasonKind.Recounted, new($"{Zh(recount.At, time)} {zh}重新计算{stays}", $"recounted on {En(recount.At, time)}: {en}{stayed}"), recount.At, Limit: recount.Limit, Late: recount.Late ? true : null));
        }

        reasons.AddRange(Days(trace, time));
        reasons.Add(trace.DueAt is { } due
            ? new(ReasonKind.Due, new($"应于 {Zh(due, time)} 前完成", $"due {En(due, time)}"), due)
            : new(ReasonKind.NotDue, new("暂停期间不计到期时间", "no due time while it is paused")));
        if (trace.Provisional)
            reasons.Add(new(ReasonKind.Provisional, new("暂定：有年度节假日安排尚未公布，公布后重新计算", "provisional: the holidays of a year are not announced yet, and it is recounted when they are")));
        reasons.Add(new(ReasonKind.Policy, new($"依据时限规则 {trace.Policy}", $"counted under policy {trace.Policy}")));
        if (trace.EndedAt is { } ended)
            reasons.Add(new(ReasonKind.Ended, new($"已于 {Zh(ended, time)} {(trace.IsLate ? "超期停止" : "按期停止")}", $"stopped {(trace.IsLate ? "late" : "in time")} at {En(ended, time)}"), ended, Late: trace.IsLate));
        return reasons;
    }

    /// <summary>All reasons as one sentence.</summary>
    public static Message Sentence(IReadOnlyList<DeadlineReason> reasons) =>
        new($"{string.Join("；", reasons.Select(reason => reason.Words.Zh))}。", $"{string.Join("; ", reasons.Select(reason => reason.Words.En))}.");

    /// <summary>A limit in words.</summary>
    public static Message Of(Limit limit)
    {
        var n = limit.Amount;
        return limit.Unit switch
        {
            TimeUnit.NaturalDays => new($"{n} 个自然日", $"{n} natural {Days(n)}"),
            TimeUnit.WorkingDays => new($"{n} 个工作日", $"{n} working {Days(n)}"),
            TimeUnit.WorkingMinutes when n % 60 == 0 => new($"{n / 60} 个工作时", $"{n / 60} working {(n == 60 ? "hour" : "hours")}"),
            TimeUnit.WorkingMinutes => new($"{n} 分钟（工作时间）", $"{n} working {(n == 1 ? "minute" : "minutes")}"),
            _ when n % 60 == 0 => new($"{n / 60} 小时（昼夜连续）", $"{n / 60} {(n == 60 ? "hour" : "hours")} round the clock"),
            _ => new($"{n} 分钟（昼夜连续）", $"{n} {(n == 1 ? "minute" : "minutes")} round the clock"),
        };
    }

    private static string Days(int n) => n == 1 ? "day" : "days";

    /// <summary>Segments of one pause put together, with what began them.</summary>
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To, bool Open, IReadOnlyList<ClockPauses> Because)> Paused(ClockTrace trace)
    {
        foreach (var (segment, index) in trace.Segments.Select((segment, index) => (segment, index)).Where(entry => entry.segment.Kind == SegmentKind.Paused))
        {
            var because = segment.Causes!.Select(cause => trace.Pauses.Last(pause => pause.Cause == cause && pause.At <= segment.From)).ToList();
            yield return (segment.From, segment.To, index == trace.Segments.Count - 1 && trace.IsPaused, because);
        }
    }

    private static DeadlineReason Of((DateTimeOffset From, DateTimeOffset To, bool Open, IReadOnlyList<ClockPauses> Because) pause, WorkingTime time, Func<string, Message> nameOf)
    {
        var (zh, en) = (string.Join("、", pause.Because.Select(because => Why(because).Zh)), string.Join(" and ", pause.Because.Select(because => Why(because).En)));
        var names = Names([.. pause.Because.SelectMany(because => because.ApprovedBy ?? []).Distinct(StringComparer.Ordinal)], nameOf);
        if (pause.Open)
        {
            var until = pause.Because.All(because => because.Until is not null) ? pause.Because.Max(because => because.Until) : null;
            return new(
                ReasonKind.Paused,
                new(
                    $"自 {Zh(pause.From, time)} 起因{zh}暂停{(until is { } end ? $"，至 {Zh(end, time)} 自动恢复" : "")}{names.Zh}",
                    $"paused since {En(pause.From, time)} {en}{(until is { } to ? $", until {En(to, time)}" : "")}{names.En}"),
                pause.From, until);
        }

        var length = Length(pause.To - pause.From);
        return new(
            ReasonKind.Paused,
            new($"因{zh}暂停 {length.Zh}（{Zh(pause.From, time)} 至 {Zh(pause.To, time)}）{names.Zh}", $"paused {length.En} {en} ({En(pause.From, time)} to {En(pause.To, time)}){names.En}"),
            pause.From, pause.To);
    }

    private static Message Why(ClockPauses pause) => (pause.Cause, pause.For) switch
    {
        (PauseCause.Return, _) => new("退回", "after it was sent back"),
        (_, SuspensionReason.Materials) => new("等待材料", "for materials"),
        (_, SuspensionReason.Funding) => new("等待资金", "for funding"),
        (_, SuspensionReason.Weather) => new("季节或天气", "for the season or weather"),
        (_, SuspensionReason.HigherLevel) => new("等待上级或其他单位", "for a higher level or another unit"),
        (_, SuspensionReason.LegalProceedings) => new("诉讼、复议或鉴定", "for legal proceedings"),
        _ => new("挂账", "by a suspension"),
    };

    private static Message Names(IReadOnlyList<string>? people, Func<string, Message> nameOf) => people is { Count: > 0 }
        ? new($"，经 {string.Join("、", people.Select(person => nameOf(person).Zh))} 批准", $", approved by {string.Join(" and ", people.Select(person => nameOf(person).En))}")
        : new("", "");

    /// <summary>Holidays and made-up days between the start and the deadline, where working time is counted and not paused.</summary>
    private static IEnumerable<DeadlineReason> Days(ClockTrace trace, WorkingTime time)
    {
        if (!trace.Allowances.Any(allowance => allowance.Limit.Unit is TimeUnit.WorkingDays or TimeUnit.WorkingMinutes))
            yield break;

        var (first, last) = (time.DayOf(trace.StartedAt), time.DayOf(trace.DueAt ?? trace.AsOf));
        var paused = trace.Segments.Where(segment => segment.Kind == SegmentKind.Paused).ToList();
        var holidays = new List<HolidayPeriod>();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            if (time.Days.HolidayOf(day) is not { } holiday || paused.Any(pause => time.DayOf(pause.From) < day && time.DayOf(pause.To) > day))
                continue;
            if (time.Days.KindOf(day) == DayKind.MadeUp)
            {
                yield return new(ReasonKind.MadeUp, new($"{day:yyyy-MM-dd}（{holiday.Zh}调休）上班", $"{day:yyyy-MM-dd} is worked for {holiday.En}"), From: day, To: day);
            }
            else if (!holidays.Contains(holiday))
            {
                holidays.Add(holiday);
                var days = holiday.From == holiday.To ? $"{holiday.From:yyyy-MM-dd}" : null;
                yield return new(
                    ReasonKind.Holiday,
                    new($"{holiday.Zh}放假（{days ?? $"{holiday.From:yyyy-MM-dd} 至 {holiday.To:yyyy-MM-dd}"}）", $"{holiday.En} off ({days ?? $"{holiday.From:yyyy-MM-dd} to {holiday.To:yyyy-MM-dd}"})"),
                    From: holiday.From, To: holiday.To);
            }
        }
    }

    private static Message Length(TimeSpan length)
    {
        var minutes = (long)Math.Round(length.TotalMinutes, MidpointRounding.AwayFromZero);
        var (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        List<string> zh = [], en = [];
        if (days > 0)
            (zh, en) = ([.. zh, $"{days} 天"], [.. en, $"{days} {(days == 1 ? "day" : "days")}"]);
        if (hours > 0)
            (zh, en) = ([.. zh, $"{hours} 小时"], [.. en, $"{hours} {(hours == 1 ? "hour" : "hours")}"]);
        if (rest > 0 || minutes == 0)
            (zh, en) = ([.. zh, $"{rest} 分钟"], [.. en, $"{rest} {(rest == 1 ? "minute" : "minutes")}"]);
        return new(string.Join(' ', zh), string.Join(' ', en));
    }

    private static string Zh(DateTimeOffset at, WorkingTime time)
    {
        var wall = time.WallTime(at);
        return $"{wall.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}（周{"日一二三四五六"[(int)wall.DayOfWeek]}）{wall.ToString("HH:mm", CultureInfo.InvariantCulture)}";
    }

    private static string En(DateTimeOffset at, WorkingTime time) => time.WallTime(at).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
