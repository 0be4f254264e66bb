using System.Text;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>One run of a clock as a fold of dated facts.</summary>
public class ClockTraceTests
{
    private static readonly Limit ThreeDays = new(3, TimeUnit.WorkingDays);

    /// <summary>Tuesday 10:20.</summary>
    private static readonly DateTimeOffset Tuesday = Local("2026-03-03T10:20");

    [Fact]
    public void A_clock_that_nothing_happens_to_is_due_when_its_limit_is_used_up()
    {
        var trace = Trace(Local("2026-03-04T10:20"), Begins());

        trace.DueAt.ShouldBe(Local("2026-03-06T10:20"));
        trace.Allowances.Single().Used.ShouldBe(Time.SharesOf(TimeUnit.WorkingDays));
        trace.Segments.ShouldHaveSingleItem().ShouldBe(new ClockSegment(SegmentKind.Counting, Tuesday, Local("2026-03-04T10:20"), 0));
        trace.IsLate.ShouldBeFalse();
    }

    [Fact]
    public void A_pause_moves_the_deadline_by_what_it_took_and_gives_nothing_back_before()
    {
        // A day was counted until Wednesday 10:20; two are left from Friday 10:20.
        var trace = Trace(
            Local("2026-03-06T12:00"), Begins(), new ClockPauses(Local("2026-03-04T10:20"), 2, PauseCause.Suspension), new ClockResumes(Local("2026-03-06T10:20"), 3, PauseCause.Suspension));

        trace.DueAt.ShouldBe(Local("2026-03-10T10:20"));
        trace.Segments.Select(segment => segment.Kind).ShouldBe([SegmentKind.Counting, SegmentKind.Paused, SegmentKind.Counting]);
    }

    [Fact]
    public void While_it_is_paused_and_nobody_knows_until_when_there_is_no_deadline()
    {
        var trace = Trace(Local("2026-03-20T12:00"), Begins(), new ClockPauses(Local("2026-03-04T10:20"), 2, PauseCause.Return));

        (trace.DueAt, trace.IsPaused, trace.IsLate).ShouldBe((null, true, false));
    }

    [Fact]
    public void A_pause_with_an_end_resumes_by_itself_whether_or_not_anybody_recorded_it()
    {
        var pause = new ClockPauses(Local("2026-03-04T10:20"), 2, PauseCause.Suspension, Local("2026-03-06T10:20"));
        var silent = Trace(Local("2026-03-09T12:00"), Begins(), pause);
        var recorded = Trace(Local("2026-03-09T12:00"), Begins(), pause, new ClockResumes(Local("2026-03-06T10:20"), 3, PauseCause.Suspension));

        Shown(silent).ShouldBe(Shown(recorded));
        Trace(Local("2026-03-05T12:00"), Begins(), pause).DueAt.ShouldBe(Local("2026-03-10T10:20"), "the deadline is known during the pause");
    }

    [Fact]
    public void Two_pauses_at_once_are_one_pause_until_both_have_ended()
    {
        var trace = Trace(
            Local("2026-03-12T12:00"), Begins(),
            new ClockPauses(Local("2026-03-04T10:20"), 2, PauseCause.Suspension), new ClockPauses(Local("2026-03-05T10:20"), 3, PauseCause.Return),
            new ClockResumes(Local("2026-03-06T10:20"), 4, PauseCause.Suspension), new ClockResumes(Local("2026-03-09T10:20"), 5, PauseCause.Return));

        trace.DueAt.ShouldBe(Local("2026-03-11T10:20"));
        trace.Segments.Where(segment => segment.Kind == SegmentKind.Paused).Aggregate(TimeSpan.Zero, (sum, segment) => sum + (segment.To - segment.From)).ShouldBe(5.Days());
    }

    [Fact]
    public void An_extension_adds_to_what_is_left()
    {
        var trace = Trace(Local("2026-03-05T12:00"), Begins(), new ClockExtended(Local("2026-03-05T09:00"), 2, ThreeDays, ["deputy", "leader"]));

        trace.DueAt.ShouldBe(Local("2026-03-11T10:20"));
        trace.Allowances.Select(allowance => allowance.Limit).ShouldBe([ThreeDays, ThreeDays]);
    }

    [Fact]
    public void A_pause_after_the_deadline_does_not_undo_that_it_is_late()
    {
        var trace = Trace(Local("2026-03-20T12:00"), Begins(), new ClockPauses(Local("2026-03-09T10:20"), 2, PauseCause.Suspension));

        (trace.DueAt, trace.IsLate).ShouldBe((Local("2026-03-06T10:20"), true));
        trace.Segments.Select(segment => segment.Kind).ShouldBe([SegmentKind.Counting, SegmentKind.Overdue, SegmentKind.Paused]);
    }

    [Fact]
    public void A_clock_that_ended_counts_no_further()
    {
        var ended = Local("2026-03-05T10:20");

        Shown(Trace(Local("2026-03-05T10:20"), Begins(), new ClockEnds(ended, 2))).ShouldBe(Shown(Trace(Local("2027-03-05T10:20"), Begins(), new ClockEnds(ended, 2))));
    }

    [Fact]
    public void A_recount_in_another_unit_counts_what_has_passed_in_that_unit()
    {
        // Two working days and ten natural days from Tuesday, with the same day paused.
        ClockFact[] paused = [Begins(), new ClockPauses(Local("2026-03-04T10:20"), 2, PauseCause.Suspension), new ClockResumes(Local("2026-03-05T10:20"), 3, PauseCause.Suspension)];

        Trace(Local("2026-03-05T12:00"), [.. paused, new ClockRecounted(Local("2026-03-05T11:00"), 4, RecountCause.Policy, new Limit(10, TimeUnit.NaturalDays), "v8")])
            .DueAt.ShouldBe(Local("2026-03-14T10:20"));
    }

    [Fact]
    public void A_run_begins_once()
    {
        Should.Throw<ArgumentException>(() => Trace(Tuesday));
        Should.Throw<ArgumentException>(() => Trace(Tuesday, Begins(), Begins()));
    }

    [Fact]
    public void Its_reasons_are_told_in_both_languages()
    {
        var trace = Trace(
            Local("2026-09-30T09:00"),
            new ClockBegins(Local("2026-09-22T10:20"), 1, ThreeDays, "v7"),
            new ClockPauses(Local("2026-09-23T10:20"), 2, PauseCause.Suspension, For: SuspensionReason.Materials, ApprovedBy: ["lead", "leader"]), new ClockResumes(Local("2026-09-28T10:20"), 3, PauseCause.Suspension),
            new ClockExtended(Local("2026-09-29T09:00"), 4, new Limit(2, TimeUnit.WorkingDays), ["deputy", "leader"]));
        var reasons = DeadlineWords.Reasons(trace, Time, person => new($"<{person}>", $"the {person}"));
        var sentence = DeadlineWords.Sentence(reasons);

        reasons.Select(reason => reason.Kind).ShouldBe([ReasonKind.Started, ReasonKind.Paused, ReasonKind.Extended, ReasonKind.Holiday, ReasonKind.Due, ReasonKind.Policy]);
        sentence.En.ShouldBe(
            "3 working days from Tue 2026-09-22 10:20; paused 5 days for materials (Wed 2026-09-23 10:20 to Mon 2026-09-28 10:20), approved by the lead and the leader; " +
            "extended by 2 working days on Tue 2026-09-29 09:00, approved by the deputy and the leader; National Day off (2026-10-01 to 2026-10-07); due Fri 2026-10-09 10:20; counted under policy v7.");
        sentence.Zh.ShouldBe(
            "3 个工作日，自 2026-09-22（周二）10:20 起；因等待材料暂停 5 天（2026-09-23（周三）10:20 至 2026-09-28（周一）10:20），经 <lead>、<leader> 批准；" +
            "2026-09-29（周二）09:00 延期 2 个工作日，经 <deputy>、<leader> 批准；国庆节放假（2026-10-01 至 2026-10-07）；应于 2026-10-09（周五）10:20 前完成；依据时限规则 v7。");
    }

    [Fact]
    public void It_says_that_it_is_provisional_paused_or_ended_late()
    {
        string English(params ClockFact[] facts) => DeadlineWords.Sentence(DeadlineWords.Reasons(Trace(Local("2027-01-05T12:00"), facts), Time, person => new(person, person))).En;
        var yearEnd = new ClockBegins(Local("2026-12-31T10:20"), 1, ThreeDays, "v7");

        English(yearEnd).ShouldBe(
            "3 working days from Thu 2026-12-31 10:20; New Year's Day off (2027-01-01 to 2027-01-03); due Wed 2027-01-06 10:20; " +
            "provisional: the holidays of a year are not announced yet, and it is recounted when they are; counted under policy v7.");
        English(yearEnd, new ClockPauses(Local("2026-12-31T11:20"), 2, PauseCause.Return)).ShouldContain("paused since Thu 2026-12-31 11:20 after it was sent back; ");
        English(yearEnd, new ClockPauses(Local("2026-12-31T11:20"), 2, PauseCause.Return)).ShouldContain("no due time while it is paused");
        English(Begins(), new ClockEnds(Local("2026-03-06T10:20"), 2)).ShouldEndWith("counted under policy v7; stopped late at Fri 2026-03-06 10:20.");
        English(Begins(), new ClockRecounted(Local("2026-03-04T10:20"), 2, RecountCause.Policy, new Limit(60, TimeUnit.WorkingMinutes), "v7")).ShouldStartWith("1 working hour from Tue 2026-03-03 10:20; recounted on Wed 2026-03-04 10:20: another policy; due Tue 2026-03-03 11:20");
        English(new ClockBegins(Local("2026-02-13T10:20"), 1, ThreeDays, "v7"), new ClockEnds(Local("2026-02-14T10:20"), 2)).ShouldContain("2026-02-14 is worked for Spring Festival; Spring Festival off (2026-02-15 to 2026-02-23); due Wed 2026-02-25 10:20");
    }

    // Laws over random lives.

    [Fact]
    public void What_was_used_and_what_is_left_make_the_limit() => Life.ForAll(life =>
    {
        foreach (var allowance in life.Trace.Allowances)
        {
            (allowance.Used + allowance.Left).ShouldBe(life.Time.SharesOf(allowance.Limit));
            allowance.Used.ShouldBeInRange(0, allowance.Shares);
        }
    });

    [Fact]
    public void What_was_used_is_what_the_counting_segments_hold() => Life.ForAll(life =>
    {
        for (var index = 0; index < life.Trace.Allowances.Count; index++)
        {
            var allowance = life.Trace.Allowances[index];
            var counted = life.Trace.Segments.Where(segment => segment.Allowance == index).Sum(segment => life.Time.Count(segment.From, segment.To, allowance.Limit.Unit));
            (counted - allowance.Used).ShouldBeInRange(0, 149, $"allowance {index}");
        }
    });

    [Fact]
    public void Segments_follow_each_other_without_gap_or_overlap_from_the_beginning_to_the_end() => Life.ForAll(life =>
    {
        var at = life.Trace.StartedAt;
        foreach (var segment in life.Trace.Segments)
        {
            segment.From.ShouldBe(at);
            segment.To.ShouldBeGreaterThan(segment.From);
            at = segment.To;
        }

        at.ShouldBe(life.Trace.AsOf);
    });

    [Fact]
    public void No_time_counts_while_any_pause_holds() => Life.ForAll(life =>
    {
        foreach (var segment in life.Trace.Segments.Where(segment => segment.Kind != SegmentKind.Paused))
        {
            foreach (var cause in Enum.GetValues<PauseCause>())
            {
                // Found without the fold: the last fact of this cause before the middle of the segment.
                var middle = segment.From + ((segment.To - segment.From) / 2);
                var last = life.Facts.Where(fact => fact.At <= middle && fact is ClockPauses p && p.Cause == cause && (p.Until is null || p.Until > p.At) || fact.At <= middle && fact is ClockResumes r && r.Cause == cause)
                    .OrderBy(fact => fact.At).ThenBy(fact => fact.Sequence).LastOrDefault();
                (last is ClockPauses { Until: var until } && (until is null || until > middle)).ShouldBeFalse($"{cause} holds at {middle:O}");
            }
        }
    });

    [Fact]
    public void The_same_dated_facts_give_the_same_trace_in_whatever_order_they_arrive() => Life.ForAll(life =>
    {
        var random = new Random(20260302 + life.Facts.Count);
        for (var time = 0; time < 5; time++)
        {
            var shuffled = life.Facts.ToArray();
            random.Shuffle(shuffled);
            Shown(ClockTrace.Of(shuffled, life.Time, life.AsOf)).ShouldBe(Shown(life.Trace), $"{string.Join(' ', shuffled.Select(fact => fact.Sequence))}");
        }
    });

    [Fact]
    public void The_offset_in_which_facts_are_written_changes_nothing() => Life.ForAll(life =>
    {
        var elsewhere = life.Facts.Select(fact => fact with { At = fact.At.ToOffset(TimeSpan.FromHours((fact.Sequence % 20) - 10)) });

        ClockTrace.Of(elsewhere, life.Time, life.AsOf).DueAt.ShouldBe(life.Trace.DueAt);
    });

    [Fact]
    public void A_deadline_foretold_is_the_deadline_found_if_nothing_more_happens() => Life.ForAll(life =>
    {
        if (life.Trace.DueAt is not { } due || life.Trace.EndedAt is not null)
            return;
        var later = ClockTrace.Of(life.Facts.Where(fact => fact.At <= life.AsOf), life.Time, (due > life.AsOf ? due : life.AsOf).AddDays(3));

        later.DueAt.ShouldBe(due);
        later.IsLate.ShouldBeTrue();
        later.Allowances.ShouldAllBe(allowance => allowance.Left == 0);
    });

    [Fact]
    public void It_is_late_exactly_when_everything_granted_was_used_up() => Life.ForAll(life =>
        life.Trace.IsLate.ShouldBe(life.Trace.Allowances.All(allowance => allowance.Left == 0)));

    private static ClockBegins Begins() => new(Tuesday, 1, ThreeDays, "v7");

    private static ClockTrace Trace(DateTimeOffset asOf, params ClockFact[] facts) => ClockTrace.Of(facts, Time, asOf);

    private static string Shown(ClockTrace trace) => Json.Of(trace);

    /// <summary>A random life of a clock: pauses, extensions and recounts at random instants over two turns of the year.</summary>
    private sealed record Life(IReadOnlyList<ClockFact> Facts, DateTimeOffset AsOf, WorkingTime Time)
    {
        public ClockTrace Trace { get; } = ClockTrace.Of(Facts, Time, AsOf);

        private static readonly WorkingTime Seasonal = new WorkCalendar(
            Calendar.Days, new HoursPlan([new TownHours(["08:30-12:00", "14:00-18:00"]), new TownHours(["08:30-12:00", "15:00-18:00"], Season: new Season("06-01", "09-30"))])).At(Town.Code, Town.Shanghai);

        public static void ForAll(Action<Life> law)
        {
            var limits = from amount in Gen.Choose(1, 20)
                         from unit in Gen.Elements(Enum.GetValues<TimeUnit>())
                         select new Limit(unit is TimeUnit.UrgentMinutes or TimeUnit.WorkingMinutes ? amount * 47 : amount, unit);
            Gen<Func<DateTimeOffset, long, DateTimeOffset, ClockFact>> facts = Gen.Frequency(
                (3, from cause in Gen.Elements(Enum.GetValues<PauseCause>())
                    from days in Gen.Elements(-1, 0, 0, 0, 2, 9, 40)
                    select (Func<DateTimeOffset, long, DateTimeOffset, ClockFact>)((at, n, _) => new ClockPauses(at, n, cause, days == 0 ? null : at.AddDays(days)))),
                (3, from cause in Gen.Elements(Enum.GetValues<PauseCause>()) select (Func<DateTimeOffset, long, DateTimeOffset, ClockFact>)((at, n, _) => new ClockResumes(at, n, cause))),
                (1, from more in limits select (Func<DateTimeOffset, long, DateTimeOffset, ClockFact>)((at, n, _) => new ClockExtended(at, n, more, ["a", "b"]))),
                (1, from limit in limits select (Func<DateTimeOffset, long, DateTimeOffset, ClockFact>)((at, n, _) => new ClockRecounted(at, n, RecountCause.Policy, limit, $"v{n}"))),
                (1, Gen.Constant((Func<DateTimeOffset, long, DateTimeOffset, ClockFact>)((at, n, begin) => n % 5 == 0 ? new ClockEnds(at > begin ? at : begin, n) : new ClockResumes(at, n, PauseCause.Return)))));
            var lives = from limit in limits
                        from start in Gen.Choose(0, 3 * 365 * 24 * 60)
                        from length in Gen.Choose(0, 12)
                        from happenings in Gen.ArrayOf(
                            from after in Gen.OneOf(Gen.Choose(0, 30 * 24 * 60), Gen.Elements(0, 1440, 2880))
                            from fact in facts
                            select (after, fact), length)
                        from until in Gen.Choose(0, 60 * 24 * 60)
                        from time in Gen.Elements(Sample.Time, Seasonal)
                        let begin = Local("2024-01-01T00:00").AddMinutes(start)
                        select new Life(
                            [new ClockBegins(begin, 1, limit, "v1"), .. happenings.Select((happening, index) => happening.fact(begin.AddMinutes(happening.after), index + 2, begin))], begin.AddMinutes(until), time);
            // A fixed seed, so that a failure comes again; it is printed with the life that fails.
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260302, 141), Prop.ForAll(Arb.From(lives), law));
        }

        public override string ToString()
        {
            var text = new StringBuilder($"as of {AsOf:O}");
            foreach (var fact in Facts)
                text.Append($"\n  {fact}");
            return text.ToString();
        }
    }
}
