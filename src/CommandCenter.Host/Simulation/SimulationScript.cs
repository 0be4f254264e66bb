using System.Globalization;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Simulation;

/// <summary>
/// What people do with cases, and when. Pure: a case's row, its drawn fate and the chance of this step in, the next step out. Most are handled in time; one in sixteen is late, and for every other
/// way that a case can go there are some.
/// </summary>
public sealed class SimulationScript(SimulatedSeats seats, SimulationRhythm rhythm, long seed)
{
    private static readonly (CaseFate Fate, double Probability)[] Fates =
    [
        (CaseFate.Refused, 0.02), (CaseFate.Redirected, 0.003), (CaseFate.Merged, 0.015), (CaseFate.SentToVillage, 0.03), (CaseFate.Checked, 0.02), (CaseFate.FiledLate, 0.03), (CaseFate.Returned, 0.04),
        (CaseFate.Suspended, 0.01), (CaseFate.Extended, 0.02), (CaseFate.HandledLate, 0.05), (CaseFate.HandledVeryLate, 0.006), (CaseFate.Reworked, 0.04), (CaseFate.NotFixed, 0.02),
        (CaseFate.NotRated, 0.05), (CaseFate.Reopened, 0.01), (CaseFate.Appealed, 0.02), (CaseFate.Urged, 0.02), (CaseFate.Supervised, 0.01), (CaseFate.Progressed, 0.25),
    ];

    private static readonly string[] Wet = ["drainage", "sewage", "geological-hazard", "damaged-road", "irrigation", "river-pollution"];
    private static readonly string[] Dangerous = ["manhole-cover", "fire-hazard", "geological-hazard", "public-order", "utility-outage", "elderly-care"];
    private static readonly string[] Found = ["已到现场查看，影响附近住户。", "群众反映，请派人处理。", "巡查时发现，已拍照。", "多户反映，情况属实。"];

    public SimulatedSeats Seats => seats;

    public SimulationRhythm Rhythm => rhythm;

    /// <summary>What becomes of the case of a number.</summary>
    public SimulatedCase Life(long number)
    {
        var chance = Chance.Of(seed, "fate", number);
        var fate = CaseFate.None;
        foreach (var (one, probability) in Fates)
            fate |= chance.Is(probability) ? one : CaseFate.None;
        return new SimulatedCase(number, fate);
    }

    /// <summary>The report of the case of a number: where, by whom and of what. Null where nobody is there to report anything.</summary>
    public SimulatedStep? Report(long number, AreaCode town, DateTimeOffset at)
    {
        var chance = Chance.Of(seed, "report", number);
        if (seats.Matters[town].Count == 0 || seats.Grids[town].Count == 0)
            return null;
        var matter = MatterOn(town, rhythm.DayOf(at), chance);
        var grid = chance.Of(seats.Grids[town]);
        var urgency = Urgency(matter.Code, chance);
        var text = TextOf(matter, chance);
        return chance.Fraction() switch
        {
            < 0.12 when seats.At(Role.CenterOperator, town, chance) is { } center =>
                new SimulatedStep(at, center, "report", text, Category: matter.Code, Urgency: urgency, Area: grid, Source: CaseSource.Hotline),
            < 0.18 => new SimulatedStep(at, Resident, "report", text, Category: matter.Code, Urgency: urgency, Area: grid, Source: CaseSource.Resident),
            var which when seats.OnSpot(grid, null, chance) is { } worker =>
                new SimulatedStep(at, worker, "report", text, Category: matter.Code, Urgency: urgency, Area: grid, Source: which < 0.4 ? CaseSource.Patrol : CaseSource.GridWorker),
            _ => null,
        };
    }

    /// <summary>The actor of people without a seat.</summary>
    public const string Resident = "resident";

    /// <summary>The next step of a case; null when nobody does anything more with it.</summary>
    /// <param name="since">When the last step was.</param>
    /// <param name="other">A case of the same matter and town that is in hand, for a merger.</param>
    public SimulatedStep? Next(SimulatedCase life, CaseSummary row, DateTimeOffset since, string? other)
    {
        var chance = Chance.Of(seed, "case", life.Number, life.Steps);
        // Whatever does not come to an end after so many steps is left alone, and climbs.
        return life.Steps > 40 ? null : row.Stage switch
        {
            CaseStage.Reported or CaseStage.Filed when row.Urgency == Domain.Cases.Urgency.Emergency && !life.Did(CaseDone.Heard) && seats.At(Role.CenterOperator, row.Town, chance) is { } center =>
                new SimulatedStep(since + TimeSpan.FromSeconds(chance.Between(10, 70)), center, "acknowledge-alarm", Does: CaseDone.Heard),
            CaseStage.Reported => OfCenter(life, row, since, other, chance),
            CaseStage.Assessing => Assess(row, since, chance),
            CaseStage.Checking when seats.OnSpot(row.Area, null, chance) is { } who => new SimulatedStep(In(row, since, 0.2, 0.8, chance), who, "report-check", "现场核查，情况属实。"),
            CaseStage.Filed => Dispatch(row, since, chance),
            CaseStage.Dispatched => OfUnit(life, row, since, chance),
            CaseStage.Handling => Handle(life, row, since, chance),
            CaseStage.Completed => Verify(life, row, since, chance),
            CaseStage.Verified => Rate(life, row, since, chance),
            CaseStage.Rated => row.NotFixed ? Dispatch(row, since, chance) : Close(row, since, chance),
            CaseStage.Closed => AfterClosing(life, row, since, chance),
            _ => null,
        };
    }

    private Category MatterOn(AreaCode town, DateOnly day, Chance chance)
    {
        var matters = seats.Matters[town];
        var rains = rhythm.Rains(day);
        return matters[chance.Weighted([.. matters.Select(matter => rains && Wet.Contains(matter.Code, StringComparer.Ordinal) ? 3.0 : 1.0)])];
    }

    private static Urgency Urgency(string category, Chance chance) => chance.Fraction() switch
    {
        < 0.01 when Dangerous.Contains(category, StringComparer.Ordinal) => Domain.Cases.Urgency.Emergency,
        < 0.06 => Domain.Cases.Urgency.Urgent,
        _ => Domain.Cases.Urgency.Normal,
    };

    public static string TextOf(Category matter, Chance chance) => string.Create(CultureInfo.InvariantCulture, $"{matter.Name}：{chance.Of(Found)}");

    private SimulatedStep? OfCenter(SimulatedCase life, CaseSummary row, DateTimeOffset since, string? other, Chance chance)
    {
        if (seats.At(Role.CenterOperator, row.Town, chance) is not { } center)
            return null;
        var at = since + (life.Is(CaseFate.FiledLate) && !row.WasFiled && life.Steps <= 2
            ? TimeSpan.FromMinutes(chance.Between(16, 95))
            : TimeSpan.FromMinutes(row.Urgency == Domain.Cases.Urgency.Emergency ? chance.Between(1, 4) : chance.Between(1.5, 13)));
        if (life.Is(CaseFate.Refused) && row.Meeting is null)
            return new SimulatedStep(at, center, "refuse", "经核查，不予立案。", Refusal: chance.Of((RefusalReason[])[RefusalReason.Duplicate, RefusalReason.OutOfScope, RefusalReason.NotFound, RefusalReason.Insufficient]));
        if (life.Is(CaseFate.Redirected) && row.Meeting is null)
            return new SimulatedStep(at, center, "redirect", "属紧急警情，已转专线处理。");
        if (life.Is(CaseFate.Merged) && !life.Did(CaseDone.Merged) && other is not null && row.Meeting is null && row.Agendas is null)
            return new SimulatedStep(at, center, "merge", "与前一件为同一处，合并办理。", CaseDone.Merged, Other: other);
        if (life.Is(CaseFate.SentToVillage) && !life.Did(CaseDone.SentToVillage) && row is { Urgency: Domain.Cases.Urgency.Normal, Meeting: null, WasFiled: false })
            return new SimulatedStep(at, center, "send-to-village", "请村（社区）先行研判。", CaseDone.SentToVillage);
        if (life.Is(CaseFate.Checked) && !life.Did(CaseDone.Checked) && row.Urgency == Domain.Cases.Urgency.Normal)
            return new SimulatedStep(at, center, "check", "请先到现场核查。", CaseDone.Checked);
        return new SimulatedStep(at, center, "file", "情况属实，予以立案。", Category: row.Category, Urgency: row.Urgency, Level: MatterLevel.Town);
    }

    private SimulatedStep? Assess(CaseSummary row, DateTimeOffset since, Chance chance)
    {
        if (seats.At(Role.VillageSecretary, row.Area, chance) is not { } secretary)
            return null;
        var at = In(row, since, 0.1, 0.8, chance);
        return chance.Is(0.4)
            ? new SimulatedStep(at, secretary, "settle", "村里已组织处理完毕。", Photo: true)
            : new SimulatedStep(at, secretary, "pass-up", "村里无力解决，报镇街办理。", Level: MatterLevel.Town, Amount: chance.Below(30) + 1);
    }

    private SimulatedStep? Dispatch(CaseSummary row, DateTimeOffset since, Chance chance)
    {
        if (seats.Organization.FindCategory(row.Category) is not { } matter)
            return null;
        var post = Unit.OfPost(matter.DefaultPost);
        var late = chance.Is(0.03);
        var at = since + TimeSpan.FromMinutes(row.Urgency == Domain.Cases.Urgency.Emergency ? chance.Between(1, 4) : late ? chance.Between(16, 60) : chance.Between(1.5, 13));
        // A post that sent it back gets it again from a leader only.
        var who = row.Returns > 0 ? seats.At(Role.TownLeader, row.Town, chance) : seats.At(Role.Dispatcher, row.Town, chance);
        return who is null ? null : new SimulatedStep(at, who, "dispatch", row.Returns > 0 ? "请该岗牵头办理，不再退回。" : "请按时限办理，及时反馈。", Unit: post);
    }

    private SimulatedStep? OfUnit(SimulatedCase life, CaseSummary row, DateTimeOffset since, Chance chance)
    {
        if (row.Unit is not { } unit || seats.Of(unit, row.Town, chance) is not { } handler)
            return null;
        var at = Soon(row, since, TimeSpan.FromMinutes(row.Urgency switch { Domain.Cases.Urgency.Emergency => chance.Between(2, 10), Domain.Cases.Urgency.Urgent => chance.Between(5, 60), _ => chance.Between(10, 240) }), chance);
        return life.Is(CaseFate.Returned) && !life.Did(CaseDone.Returned)
            ? new SimulatedStep(at, handler, "return", "不属本岗职责，建议重新研判。", CaseDone.Returned)
            : new SimulatedStep(at, handler, "claim");
    }

    private SimulatedStep? Handle(SimulatedCase life, CaseSummary row, DateTimeOffset since, Chance chance)
    {
        if (row.ClaimedBy is not { } handler)
            return null;
        // What another decides is answered the same or the next day.
        if (life.Did(CaseDone.AskedExtension) && !life.Did(CaseDone.ExtensionSeconded))
            return Answered(seats.Lead(row.Town, row.Sector, chance), "approve-extension", CaseDone.ExtensionSeconded);
        if (life.Did(CaseDone.ExtensionSeconded) && !life.Did(CaseDone.Extended))
            return Answered(seats.At(Role.TownLeader, row.Town, chance), "approve-extension", CaseDone.Extended);
        if (life.Did(CaseDone.AskedSuspension) && !life.Did(CaseDone.Suspended))
            return Answered(seats.At(Role.TownLeader, row.Town, chance), "approve-suspension", CaseDone.Suspended);
        if (life.Did(CaseDone.Suspended) && !life.Did(CaseDone.Resumed))
            return new SimulatedStep(rhythm.AtWork(since + TimeSpan.FromDays(chance.Between(3, 14)), chance), handler, "resume", "条件已具备，恢复办理。", CaseDone.Resumed);
        if (life.Did(CaseDone.Supervised) && !life.Did(CaseDone.Answered))
            return Answered(seats.At(Role.Dispatcher, row.Town, chance), "answer-supervision", CaseDone.Answered);

        if (row.Urgency == Domain.Cases.Urgency.Normal)
        {
            if (life.Is(CaseFate.Extended) && !life.Did(CaseDone.AskedExtension) && row.DueAt - since > TimeSpan.FromDays(2.5))
                return new SimulatedStep(In(row, since, 0.05, 0.3, chance), handler, "ask-extension", "配件到货需要时间，申请延期。", CaseDone.AskedExtension, Amount: 1);
            if (life.Is(CaseFate.Suspended) && !life.Did(CaseDone.AskedSuspension))
            {
                var asked = In(row, since, 0.05, 0.3, chance);
                return new SimulatedStep(asked, handler, "ask-suspension", "需等待条件具备，申请挂账。", CaseDone.AskedSuspension, Until: asked.AddDays(20 + chance.Below(20)), Reason: chance.Of((SuspensionReason[])[SuspensionReason.Materials, SuspensionReason.Weather, SuspensionReason.HigherLevel]));
            }

            if (life.Is(CaseFate.Progressed) && !life.Did(CaseDone.Progressed))
                return new SimulatedStep(In(row, since, 0.05, 0.4, chance), handler, "progress", "已到现场，正在处理。", CaseDone.Progressed);
            if (life.Is(CaseFate.Urged) && !life.Did(CaseDone.Urged) && seats.At(Role.VillageSecretary, row.Area, chance) is { } secretary)
                return new SimulatedStep(In(row, since, 0.1, 0.4, chance), secretary, "urge", "群众来问进展，请抓紧。", CaseDone.Urged);
            if (life.Is(CaseFate.Supervised) && !life.Did(CaseDone.Supervised) && seats.At(Role.TownLeader, row.Town, chance) is { } leader)
                return new SimulatedStep(In(row, since, 0.1, 0.4, chance), leader, "supervise", "请说明进展和完成时间。", CaseDone.Supervised);
        }

        var late = row.Urgency == Domain.Cases.Urgency.Normal
            ? life.Is(CaseFate.HandledVeryLate) ? chance.Between(24, 45) : life.Is(CaseFate.HandledLate) ? chance.Between(0.2, 9) : 0
            : life.Is(CaseFate.HandledLate | CaseFate.HandledVeryLate) ? chance.Between(0.05, 0.8) : 0;
        var at = late > 0 ? Later(row.DueAt ?? since, since) + TimeSpan.FromDays(late) : In(row, since, 0.1, 0.85, chance);
        var matter = seats.Organization.FindCategory(row.Category);
        return new SimulatedStep(at, handler, "complete", "已安排人员到场处置完毕，现场已清理。", Photo: matter?.Closing is { PhotoNeeded: true });

        SimulatedStep? Answered(string? who, string command, CaseDone done) =>
            who is null ? null : new SimulatedStep(Soon(row, since, TimeSpan.FromHours(chance.Between(0.5, 6)), chance), who, command, "同意。", done);
    }

    private SimulatedStep? Verify(SimulatedCase life, CaseSummary row, DateTimeOffset since, Chance chance)
    {
        if (seats.OnSpot(row.Area, null, chance) is not { } who)
            return null;
        var at = In(row, since, 0.05, 0.9, chance);
        return life.Is(CaseFate.Reworked) && !life.Did(CaseDone.Reworked)
            ? new SimulatedStep(at, who, "verify", "现场查看仍有遗留，请返工。", CaseDone.Reworked, Yes: false)
            : new SimulatedStep(at, who, "verify", "现场核实，问题已解决。");
    }

    private SimulatedStep? Rate(SimulatedCase life, CaseSummary row, DateTimeOffset since, Chance chance)
    {
        // Closed by rule when the limit has run out.
        if (life.Is(CaseFate.NotRated) || seats.At(Role.CenterOperator, row.Town, chance) is not { } center)
            return null;
        var at = In(row, since, 0.02, 0.6, chance);
        return life.Is(CaseFate.NotFixed) && !life.Did(CaseDone.FoundNotFixed)
            ? new SimulatedStep(at, center, "rate", "电话回访：问题仍在。", CaseDone.FoundNotFixed, Satisfaction: 1 + chance.Below(2), Result: FixResult.NotFixed)
            : new SimulatedStep(at, center, "rate", "电话回访。", Satisfaction: chance.Is(0.05) ? 3 : 4 + chance.Below(2), Result: chance.Is(0.06) ? FixResult.HalfFixed : FixResult.Fixed);
    }

    private SimulatedStep? Close(CaseSummary row, DateTimeOffset since, Chance chance) => seats.At(Role.CenterOperator, row.Town, chance) is { } center
        ? new SimulatedStep(rhythm.AtWork(since + TimeSpan.FromHours(chance.Between(0.2, 6)), chance), center, "close", "办理完毕，予以结案。")
        : null;

    private SimulatedStep? AfterClosing(SimulatedCase life, CaseSummary row, DateTimeOffset since, Chance chance)
    {
        // What was solved on the spot or by the village was never dispatched.
        if (row.Unit is not { } unit)
            return null;
        if (life.Is(CaseFate.Reopened) && !life.Did(CaseDone.Reopened) && seats.At(Role.CenterOperator, row.Town, chance) is { } center)
            return new SimulatedStep(rhythm.AtWork(since + TimeSpan.FromDays(chance.Between(1, 20)), chance), center, "reopen", "群众再次反映，问题复发。", CaseDone.Reopened);
        if (!life.Is(CaseFate.Appealed) || row.Highest is null)
            return null;
        if (!life.Did(CaseDone.Appealed) && seats.Of(unit, row.Town, chance) is { } handler)
            return new SimulatedStep(rhythm.AtWork(since + TimeSpan.FromDays(chance.Between(0.5, 5)), chance), handler, "appeal-lateness", "逾期因暴雨无法施工，请予免责。", CaseDone.Appealed);
        if (!life.Did(CaseDone.Reviewed) && seats.Lead(row.Town, row.Sector, chance) is { } lead)
            return new SimulatedStep(rhythm.AtWork(since + TimeSpan.FromDays(chance.Between(0.5, 3)), chance), lead, "review-appeal", "情况属实。", CaseDone.Reviewed);
        if (!life.Did(CaseDone.ReviewedAgain) && seats.At(Role.TownLeader, row.Town, chance) is { } leader)
            return new SimulatedStep(rhythm.AtWork(since + TimeSpan.FromDays(chance.Between(0.5, 3)), chance), leader, "review-appeal", "同意。", CaseDone.ReviewedAgain, Yes: chance.Is(0.7));
        return null;
    }

    /// <summary>A part of the way from the last step to where the limit runs out, while people are at work if that is in time; without a limit within two days.</summary>
    private DateTimeOffset In(CaseSummary row, DateTimeOffset since, double from, double to, Chance chance)
    {
        var due = row.DueAt is { } at && at > since ? at : since + TimeSpan.FromDays(2);
        var wanted = since + ((due - since) * chance.Between(from, to));
        if (row.Urgency != Domain.Cases.Urgency.Normal)
            return wanted;
        var working = rhythm.AtWork(wanted, chance);
        return working < due ? working : wanted;
    }

    private DateTimeOffset Soon(CaseSummary row, DateTimeOffset since, TimeSpan after, Chance chance) =>
        row.Urgency == Domain.Cases.Urgency.Normal ? rhythm.AtWork(since + after, chance) : since + after;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
