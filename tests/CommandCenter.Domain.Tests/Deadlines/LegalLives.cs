using System.Text;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>What happens to the policy and the calendar in the middle of a life.</summary>
public enum PolicyTurn
{
    None,

    /// <summary>A year is announced or corrected, and open clocks are counted anew.</summary>
    Calendar,

    /// <summary>Another policy counts, for open clocks too.</summary>
    Recounted,

    /// <summary>Another policy counts for new cases.</summary>
    Adopted,
}

/// <summary>One thing done in a life: after how many minutes, which of the possible commands, whether the engine slept meanwhile, and what became of the policy before.</summary>
public sealed record Move(int Minutes, int Choice, bool Asleep, PolicyTurn Turn = PolicyTurn.None);

/// <summary>A random but legal life of a case: every command is one that the state calls possible.</summary>
/// <param name="Start">When it is reported; some lives go over the end of a year.</param>
/// <param name="Policy">Which of the policies counts at first.</param>
/// <param name="Scanned">Whether it is the report of a spot, filed and dispatched as it begins.</param>
public sealed record LegalLife(Urgency Urgency, bool VillageFirst, IReadOnlyList<Move> Moves, IReadOnlyList<Role> Vacant, DateTimeOffset Start, int Policy, bool Scanned = false)
{
    public static Arbitrary<LegalLife> Any { get; } = Arb.From(
        from urgency in Gen.Elements(Enum.GetValues<Urgency>())
        from length in Gen.Choose(0, 20)
        from moves in Gen.ArrayOf(
            from minutes in Gen.Elements(0, 1, 5, 15, 40, 180, 1500, 7 * 1440, 11 * 1440, 31 * 1440)
            from choice in Gen.Choose(0, 59)
            from asleep in Gen.Elements(true, false, false)
            from turn in Gen.Frequency((12, Gen.Constant(PolicyTurn.None)), (1, Gen.Constant(PolicyTurn.Calendar)), (1, Gen.Constant(PolicyTurn.Recounted)), (1, Gen.Constant(PolicyTurn.Adopted)))
            select new Move(minutes, choice, asleep, turn), length)
        from vacant in Gen.SubListOf(Role.GridWorker, Role.CenterOperator, Role.Dispatcher, Role.PostHandler, Role.SectorLead, Role.TownLeader)
        from village in Gen.Elements(true, false, false)
        from start in Gen.Elements(T0, Local("2026-09-28T10:20"), Local("2026-12-21T16:40"), Local("2026-12-31T23:59"))
        from policy in Gen.Choose(0, 2)
        from scanned in Gen.Elements(true, false, false, false)
        select new LegalLife(urgency, village, moves, [.. vacant], start, policy, scanned),
        life => Enumerable.Range(0, life.Moves.Count).Select(left => life with { Moves = [.. life.Moves.Where((_, index) => index != left)] })
            .Concat(life.Vacant.Count > 0 ? [life with { Vacant = [] }] : [])
            .Concat(life.Moves.Any(move => move.Turn != PolicyTurn.None) ? [life with { Moves = [.. life.Moves.Select(move => move with { Turn = PolicyTurn.None })] }] : []));

    /// <summary>Policies that come into force in a life: one of natural days, two of working days.</summary>
    private static DeadlinePolicy[] Variants { get; } = [Sample.Policy, RecountTests.InWorkingDays, RecountTests.Longer];

    /// <summary>Calendars that become known in a life, with the years in which each differs from the others.</summary>
    private static (WorkCalendar Calendar, int[] Years)[] Calendars { get; } =
    [
        (OfTwoTowns(Calendar), []), (OfTwoTowns(PolicyTests.With(PolicyTests.Announced2027())), [2027]),
        (OfTwoTowns(PolicyTests.With(Corrected(Calendar.Days.Years.Single(year => year.Year == 2026)))), [2026]),
    ];

    /// <summary>The neighbour works at other hours, and longer days.</summary>
    internal static WorkCalendar OfTwoTowns(WorkCalendar calendar) => new(calendar.Days, new HoursPlan([.. calendar.Hours.Rules, new TownHours(["07:30-11:30", "13:00-18:00"], Town.OtherTown)]));

    private static CalendarYear Corrected(CalendarYear year) => year with
    {
        Holidays =
        [
            .. year.Holidays, new HolidayPeriod("临时", "Extra", new DateOnly(2026, 3, 5), new DateOnly(2026, 3, 6), []), new HolidayPeriod("岁末", "Year's end", new DateOnly(2026, 12, 28), new DateOnly(2026, 12, 29), []),
        ],
    };

    private static PolicyBook Book(int policy, int calendar) => new(Variants[policy], Variants.Where((_, index) => index != policy), Calendars[calendar].Calendar);

    /// <summary>Whether the calendar changed in it: then what was counted before was counted by another.</summary>
    public bool HasOtherCalendars => Moves.Any(move => move.Turn == PolicyTurn.Calendar);

    internal static readonly string[] Loop =
        ["pass-up", "settle", "report-check", "accept-transfer", "file", "dispatch", "claim", "add-subtask", "finish-subtask", "drop-subtask", "complete", "verify", "rate", "close", "approve-extension", "refuse-extension", "approve-suspension", "refuse-suspension", "review-appeal"];

    /// <summary>Lives the life; after every move the world may be looked at.</summary>
    /// <param name="telling">Looks at every notice in the moment in which it is told.</param>
    /// <param name="organization">Null: every seat held but the vacant ones, everybody there, and no roster.</param>
    public World Live(Action<World>? afterEachMove = null, Action<World, Notice>? telling = null, OrganizationDirectory? organization = null)
    {
        var (policy, calendar, revision) = (Policy, 0, 2L);
        World world = null!;
        world = new World(Book(policy, calendar), organization ?? Town.With(Vacant, wholeNeighbour: true)) { Telling = notice => telling?.Invoke(world, notice) };
        var now = Start;
        if (Scanned)
            world.Scan(Town.Lamp, Town.GridWorker, now, Urgency);
        else
            world.Do(VillageFirst ? new ReportCase(ReportedToVillage() with { Urgency = Urgency }) : Report(Urgency), Town.GridWorker, now);
        afterEachMove?.Invoke(world);
        foreach (var move in Moves)
        {
            now += move.Minutes.Minutes();
            if (move.Asleep)
                world.WakeAt(now);
            else
                world.Until(now);
            switch (move.Turn)
            {
                case PolicyTurn.Calendar:
                    var (before, next) = (calendar, (calendar + 1 + (move.Choice % (Calendars.Length - 1))) % Calendars.Length);
                    world.Recount(new PolicyRecount(++revision, RecountCause.Calendar, now, [.. Calendars[before].Years, .. Calendars[next].Years]), Book(policy, calendar = next), now);
                    break;
                case PolicyTurn.Recounted:
                    policy = (policy + 1 + (move.Choice % (Variants.Length - 1))) % Variants.Length;
                    world.Recount(new PolicyRecount(++revision, RecountCause.Policy, now), Book(policy, calendar), now);
                    break;
                case PolicyTurn.Adopted:
                    policy = (policy + 1) % Variants.Length;
                    world.Adopt(Book(policy, calendar));
                    break;
                default:
                    break;
            }

            if (move.Turn is PolicyTurn.Calendar or PolicyTurn.Recounted)
                afterEachMove?.Invoke(world);
            var file = (world.State as Case.Known)?.File;
            var possible = CaseDecider.Possible(world.State).Where(name => HasWhere(name, file) && (name != "give-feedback" || move.Choice % 10 == 3)).ToList();
            if (possible.Count > 0)
            {
                // Two moves of three go along the loop; else hardly a life would come to its end.
                var along = possible.Where(Loop.Contains).ToList();
                var name = possible.Contains("approve-extension") && move.Choice % 5 > 0 ? move.Choice % 4 == 0 ? "refuse-extension" : "approve-extension"
                    : possible.Contains("correct-funding") && move.Choice % 7 == 0 ? "correct-funding"
                    : along.Count > 0 && move.Choice % 3 > 0 ? along[move.Choice % along.Count] : possible[move.Choice % possible.Count];
                world.Do(Command(name, move.Choice, now, file), DoerOf(name, world), now).ShouldBeOfType<Decision<CaseEvent>.Emit>($"{name} is possible");
            }

            afterEachMove?.Invoke(world);
        }

        return world;
    }

    /// <summary>Checks a law over many lives.</summary>
    public static void ForAll(Action<LegalLife> law) =>
        Laws.ForAll(300, 10_000, (20260302, 141), Any, law);

    public override string ToString()
    {
        var text = new StringBuilder($"{Urgency}{(Scanned ? ", scanned" : VillageFirst ? ", the village first" : "")}, vacant: [{string.Join(", ", Vacant)}], from {Start:O} under {Variants[Policy].Version}");
        foreach (var move in Moves)
            text.Append($"\n  +{move.Minutes} min{(move.Asleep ? " asleep" : "")}{(move.Turn == PolicyTurn.None ? "" : $", {move.Turn}")}, choice {move.Choice}");
        return text.ToString();
    }

    // A town of two posts and one neighbour: what all of them have sent back has nowhere to go on by itself.
    internal static bool HasWhere(string command, CaseFile? file) => command switch
    {
        "hand-to-enforcement" => Enforcing(file!) is not null,
        "request-transfer" => !file!.DeclinedBy.Contains(Neighbour(file).At(AreaLevel.Town)!.Value),
        _ => true,
    };

    private static Unit? Enforcing(CaseFile file) =>
        new[] { Town.RiverUnit, Town.BuildingUnit }.Where(unit => unit != file.Assignment!.Unit && !file.WasSentBackBy(unit)).Select(unit => (Unit?)unit).FirstOrDefault();

    private static AreaCode Neighbour(CaseFile file) => file.Town == Town.OtherTown ? Town.Grid : Town.NeighbourGrid;

    // Of the unit's people; who inherits it in the town approves what it asks for, and so does not ask.
    private static string Claimer(Case.Known state, OrganizationDirectory organization) =>
        state.File.Assignment!.Person ?? (DeadlineSaga.WhoActs(state, organization)[0] is var first && (first.Role == state.File.Assignment.Unit.Role || state.File.Town != Town.Code) ? first.Person : "handler");

    // What one person holds, only that person brings on.
    private static By DoerOf(string command, World world) => (world.State as Case.Known)?.File is var file && command is "claim"
        ? new By(Claimer((Case.Known)world.State, world.Organization), file!.Assignment!.Unit.Role, file.Town)
        : command is "return" or "plan" or "progress" or "add-subtask" or "finish-subtask" or "drop-subtask" or "record-funding" or "correct-funding" or "hand-to-enforcement" or "complete" or "ask-extension" or "ask-suspension" && file?.Assignment is { } held
        ? new By(held.ClaimedBy ?? held.Person ?? "handler", held.Unit.Role, Town.Code)
        : command is "dispatch" && file?.ReturnedBy.Count > 0 ? Town.Leader
        : command is "approve-extension" ? file!.Extension!.First is null ? Town.Lead : Town.Leader
        : command is "review-appeal" ? file!.Appeal!.Standing == AppealStanding.FirstReview ? Town.Lead : Town.Supervisor
        : command is "supervise" ? Town.Supervisor
        : Doer(command);

    // Time passes between moves, and what has run out is not extended.
    private static DateTimeOffset BeforeDue(CaseFile? file, DateTimeOffset at) =>
        file!.Clocks[Clock.Handle] is { IsDueKnown: true } running && running.DueAt <= at ? running.DueAt.AddMinutes(-1) : at;

    internal static CaseCommand Command(string name, int choice, DateTimeOffset at, CaseFile? file) => name switch
    {
        "file" => File((Urgency)(choice % 3)) with { Level = CaseDecider.LevelToFile(file!) },
        "refuse" => Refuse(),
        "dispatch" => Dispatch(),
        "claim" => Claim(),
        "return" => Return(),
        "recall" => Recall(),
        "complete" => Complete(),
        "verify" => choice % 3 == 0 ? Fail() : Pass(),
        "rate" => Rate((FixResult)(choice % 3)),
        "close" => Close(),
        "send-to-village" => new SendCaseToVillage(null),
        "pass-up" => new PassCaseUp(Words("超出村级能力"), (MatterLevel)(choice % 3), null, null),
        "settle" => new SettleCase(Words("村里已修"), [Photo]),
        "check" => new OrderCaseCheck(choice % 2 == 0 ? null : "grid-worker", null),
        "report-check" => new ReportCaseCheck((CheckFinding)(choice % 3), Words("已看"), []),
        "redirect" => new RedirectCase(EmergencyService.Fire, Words("已转119")),
        "merge" => new MergeCase(OtherCase, null),
        "unmerge" => new UnmergeCase(Words("不是一件事")),
        "split" => new SplitCase([OtherCase, ThirdCase], null),
        "link" => new LinkCase(OtherCase, file!.Links.ContainsKey(OtherCase) && file.Links[OtherCase] == CaseLink.Related ? CaseLink.CausedBy : CaseLink.Related),
        "unlink" => new UnlinkCase(OtherCase),
        "request-transfer" => new RequestCaseTransfer(Neighbour(file!), Words("不在本镇")),
        "accept-transfer" => new AcceptCaseTransfer(file!.TransferTo!.Value),
        "decline-transfer" => new DeclineCaseTransfer(Words("不在本镇")),
        "transfer" => new TransferCase(Neighbour(file!), Words("区级指定")),
        "take-on" => new TakeOnCase(Sector.Economy, Town.WaterUnit, true),
        "reassign" => new ReassignCase((file!.Assignment!.ClaimedBy ?? file.Assignment.Person) == "colleague" ? "handler" : "colleague", null),
        "plan" => new PlanCase(Words("三日内修好"), null),
        "progress" => new ProgressCase(Words("材料已到"), [], [Photo]),
        "add-subtask" => new AddSubtask(Words("买材料"), choice % 2 == 0 ? "colleague" : null),
        "finish-subtask" => new FinishSubtask(file!.UnfinishedSubtasks.First().Number, [], null),
        "drop-subtask" => new DropSubtask(file!.UnfinishedSubtasks.First().Number, Words("不需要")),
        "record-funding" => new RecordFunding(20_000_000, Words("村集体资金")),
        "correct-funding" => new CorrectFunding(file!.FundingFen + 100, Words("少写了一个零")),
        "give-feedback" => new GiveCaseFeedback((CaseFeedbackWay)(choice % 3), Words("已告知"), []),
        "hand-to-enforcement" => new HandCaseToEnforcement(Sector.Economy, Enforcing(file!)!.Value, Words("违法建设")),
        "reopen" => new ReopenCase(Words("又坏了"), at - file!.ClosedAt!.Value > CaseDecider.ReopenWithin ? file.ClosedAt.Value : at),
        // Once an hour by each: as if the hour were over.
        "urge" => new UrgeCase(null, file!.Urges.Values.Select(last => last + CaseDecider.UrgeAgainAfter).Append(at).Max()),
        "acknowledge-alarm" => new AcknowledgeAlarm(choice % 2 == 0 ? Town.Code : null),
        "supervise" => new SuperviseCase(Words("尽快")),
        "answer-supervision" => new AnswerSupervision(Words("本周完成")),
        "ask-extension" => new AskExtension(1, Words("等待材料"), BeforeDue(file, at)),
        "approve-extension" => new ApproveExtension(null, BeforeDue(file, at)),
        "refuse-extension" => new RefuseExtension(Words("请按期")),
        "ask-suspension" => new AskSuspension((SuspensionReason)(choice % 5), at + (1 + (choice % 40)).Days(), Words("等待资金"), at),
        "approve-suspension" => new ApproveSuspension(null, file!.Suspension!.Until > at ? at : file.Suspension.Until.AddMinutes(-1)),
        "refuse-suspension" => new RefuseSuspension(Words("可先垫付")),
        "resume" => new ResumeCase(null),
        "appeal-lateness" => new AppealLateness(Words("连日暴雨")),
        "review-appeal" => new ReviewAppeal(choice % 3 > 0, Words("属实")),
        "raise-level" => new RaiseCaseLevel(file!.Level == MatterLevel.Village ? MatterLevel.Town : MatterLevel.District, Words("办不了")),
        "lower-level" => new LowerCaseLevel(file!.Level == MatterLevel.District ? MatterLevel.Town : MatterLevel.Village, Words("能办")),
        _ => throw new InvalidOperationException($"{name} has no command in legal lives."),
    };
}
