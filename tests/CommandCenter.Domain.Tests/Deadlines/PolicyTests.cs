using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>The policy and the calendar as events: what counts when, who may change it, and what a change asks of open cases.</summary>
public class PolicyTests
{
    private static readonly By Office = new("office", Role.Office, Town.District);
    private static readonly HoursPlan Hours = Calendar.Hours;
    private static readonly DeadlinePolicy Stricter = Policy with { Version = "stricter", Rules = [.. Policy.Rules.Select(rule => rule.Clock == Clock.Accept ? rule with { Limit = new Limit(5, TimeUnit.UrgentMinutes) } : rule)] };

    private static PolicyHistory Begun { get; } = After(PolicyHistory.None, T0, new DeadlinePolicyAdopted(Policy), new WorkingCalendarAdopted(Calendar.Days.Years, Hours));

    [Fact]
    public void The_names_of_commands_are_frozen() => GoldenFiles.ShouldEqual(
        string.Concat(new PolicyCommand[] { Adopt(Stricter), Edit("v", []), new AdoptCalendar([], null), new AdvanceRecount(1, null, 0, 0) }.Select(command => $"{command.GetType().Name} {command.Name}\n")), "policy-commands.golden.txt");

    [Fact]
    public void The_codes_of_refusals_are_frozen_with_their_words() => GoldenFiles.ShouldEqual(
        string.Concat(PolicyRefusals.All.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} | {pair.Value.Zh} | {pair.Value.En}\n")), "policy-refusals.golden.txt");

    [Fact]
    public void Only_the_districts_administrators_and_its_office_change_it_and_the_engine_alone_says_how_far_it_is()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            PolicyAccess.May(new Caller("p", new RoleAt(role, Town.District)), "adopt").ShouldBe(role is Role.Administrator or Role.Office, $"{role}");
            PolicyAccess.May(new Caller("p", new RoleAt(role, Town.Code)), "adopt").ShouldBeFalse($"{role}");
            PolicyAccess.May(new Caller("p", new RoleAt(role, Town.District)), "advance-recount").ShouldBe(role == Role.System, $"{role}");
        }
    }

    [Fact]
    public void The_first_policy_counts_as_far_back_as_anything_is_asked_of()
    {
        Begun.At(T0.AddYears(-9)).Current.Version.ShouldBe("default-1");
        Begun.CountedAt(T0.AddYears(-9)).From.ShouldBe(DateTimeOffset.MinValue);
        Begun.Due.ShouldBeNull("there is nothing yet that was counted by another");
    }

    [Fact]
    public void A_policy_counts_at_once_for_new_clocks_and_the_past_goes_on_to_know_which_counted()
    {
        var after = Then(Begun, Adopt(Stricter), T0 + 1.Days());

        after.At(T0 + 1.Days()).Current.Version.ShouldBe("stricter");
        after.At(T0).Current.Version.ShouldBe("stricter", "what came without a day counts since it is known, whatever the clock says");
        after.CountedAt(T0).Policy.Version.ShouldBe("default-1");
        after.CountedAt(T0 + 2.Days()).Policy.Version.ShouldBe("stricter");
        after.At(T0 + 1.Days()).Version("default-1").Rules.Count.ShouldBe(Policy.Rules.Count, "cases run under it");
        after.Due.ShouldBeNull("new clocks only");
    }

    [Fact]
    public void A_policy_for_a_later_day_counts_from_then_on_and_one_that_comes_meanwhile_until_then()
    {
        var planned = Then(Begun, Adopt(Stricter, T0 + 30.Days()), T0);
        var between = Then(planned, Adopt(Stricter with { Version = "between" }), T0 + 3.Days());

        planned.At(T0 + 29.Days()).Current.Version.ShouldBe("default-1");
        planned.At(T0 + 30.Days()).Current.Version.ShouldBe("stricter");
        between.At(T0 + 29.Days()).Current.Version.ShouldBe("between");
        between.At(T0 + 30.Days()).Current.Version.ShouldBe("stricter");
    }

    [Fact]
    public void The_same_again_is_no_change_and_an_earlier_version_comes_back_into_force()
    {
        var after = Then(Begun, Adopt(Stricter), T0);

        PolicyDecider.Decide(Adopt(Stricter, at: T0 + 1.Days()), after).ShouldBeOfType<Decision<PolicyEvent>.Nothing>();
        var back = Then(after, Adopt(Policy, at: T0 + 1.Days()), T0 + 1.Days());
        back.At(T0 + 1.Days()).Current.Version.ShouldBe("default-1");
        back.CountedAt(T0.AddHours(1)).Policy.Version.ShouldBe("stricter");
    }

    [Fact]
    public void What_cannot_be_is_refused_with_what_can()
    {
        Refused(Begun, Adopt(Stricter with { Version = "default-1" }), "policy.version_taken");
        Refused(Begun, Adopt(Stricter, T0 - 1.Minutes()), "policy.from_passed");
        Refused(Begun, Adopt(Stricter, T0 + 1.Days(), recount: true), "policy.recount_later");
        Refused(Begun, Edit("v2", []), "policy.nothing_to_change");
        Refused(Begun, Edit("v2", [], dropped: ["nowhere"]), "policy.matter_unknown");
        Refused(Begun, new AdoptCalendar([Year(2026) with { Announced = false }], null), "calendar.announced_before");
        Refused(PolicyHistory.None, new AdoptCalendar([Year(2026)], null), "calendar.hours_unsound");
    }

    [Fact]
    public void An_edit_for_a_later_day_changes_the_version_planned_for_then_and_loses_nothing_of_it()
    {
        var planned = Then(Begun, Adopt(Stricter, T0 + 30.Days()), T0);
        var rule = Policy.RuleFor(Clock.Dispatch, Urgency.Normal) with { Limit = new Limit(7, TimeUnit.UrgentMinutes) };

        var after = Then(planned, Edit("edited", [rule]) with { From = T0 + 40.Days() }, T0);
        var now = Then(planned, Edit("now", [rule]), T0);

        after.At(T0 + 40.Days()).Current.RuleFor(Clock.Accept, Urgency.Normal).Limit.Amount.ShouldBe(5, "it was planned for then");
        after.At(T0 + 40.Days()).Current.RuleFor(Clock.Dispatch, Urgency.Normal).Limit.Amount.ShouldBe(7);
        now.At(T0).Current.RuleFor(Clock.Accept, Urgency.Normal).Limit.Amount.ShouldNotBe(5, "it does not count yet");
        now.PlannedAfter(T0).Select(version => version.Policy.Version).ShouldBe(["stricter"], "the change does not stand in it, and who makes it is told");
        after.PlannedAfter(T0 + 40.Days()).ShouldBeEmpty();
    }

    [Fact]
    public void An_edit_is_a_new_version_of_what_counts_with_other_limits()
    {
        var rule = Policy.RuleFor(Clock.Accept, Urgency.Normal) with { Limit = new Limit(20, TimeUnit.UrgentMinutes) };
        var after = Then(Begun, Edit("edited", [rule]), T0);

        after.At(T0).Current.RuleFor(Clock.Accept, Urgency.Normal).Limit.Amount.ShouldBe(20);
        after.At(T0).Current.RuleFor(Clock.Accept, Urgency.Urgent).Limit.ShouldBe(Policy.RuleFor(Clock.Accept, Urgency.Urgent).Limit);
        PolicyDifference.Of(Policy, after.At(T0).Current).ShouldHaveSingleItem().ShouldSatisfyAllConditions(change => change.Section.ShouldBe("rules"), change => change.Key.ShouldBe("accept/normal"), change => change.After!.ShouldContain("20"));
    }

    [Fact]
    public void An_edit_that_would_break_the_policy_is_refused_with_every_mistake()
    {
        var rule = Policy.RuleFor(Clock.Accept, Urgency.Normal) with { Limit = new Limit(0, TimeUnit.UrgentMinutes), Ladder = [] };

        Refused(Begun, Edit("edited", [rule]), "policy.unsound").Lines!.Select(line => line.Message.En).ShouldBe(
            ["Accept of Normal cases: a limit is positive.", "Accept of Normal cases: the ladder has no escalation, so lateness would climb to nobody."], ignoreOrder: true);
    }

    [Fact]
    public void A_difference_names_what_came_what_changed_and_what_went_in_every_section()
    {
        var one = new PolicyMatter("manhole-missing", "井盖缺失", "Missing manhole cover", Sector.Economy, []);
        var before = Policy with { Matters = [one, one with { Code = "gone" }] };
        var after = Policy with { Version = "x", Matters = [one with { Name = "井盖丢失" }, one with { Code = "new" }], Whistles = Policy.Whistles! with { MinimumSample = 9 } };

        PolicyDifference.Of(before, after).Select(change => (change.Section, change.Key, change.Before is null, change.After is null)).ShouldBe(
            [("matters", "manhole-missing", false, false), ("matters", "gone", false, true), ("matters", "new", true, false), ("whistles", "", false, false)], ignoreOrder: true);
        PolicyDifference.Of(null, Policy).Count(change => change.Section == "rules").ShouldBe(Policy.Rules.Count);
        PolicyDifference.Of(Policy, Policy with { Version = "y" }).ShouldBeEmpty();
    }

    [Fact]
    public void A_year_that_was_announced_asks_for_open_cases_to_be_counted_anew_and_the_same_again_does_not()
    {
        var announced = Announced2027();
        var after = Then(Begun, new AdoptCalendar([announced], null), T0);

        after.Due.ShouldNotBeNull().ShouldSatisfyAllConditions(due => due.Revision.ShouldBe(3), due => due.Cause.ShouldBe(RecountCause.Calendar), due => due.Years!.ShouldBe([2027]));
        after.At(T0).Calendar.Days.IsAnnounced(2027).ShouldBeTrue();
        after.CalendarKnownAt(T0 - 1.Minutes()).Days.IsAnnounced(2027).ShouldBeFalse("what ended before was counted by what was known");
        PolicyDecider.Decide(new AdoptCalendar([announced], Hours), after).ShouldBeOfType<Decision<PolicyEvent>.Nothing>();
    }

    [Fact]
    public void A_recount_goes_on_where_it_was_and_of_two_nodes_one_comes_first()
    {
        var due = Then(Begun, Adopt(Stricter, recount: true), T0);
        var half = Then(due, new AdvanceRecount(3, 42, 500, 9), T0);

        half.Due.ShouldNotBeNull().ShouldSatisfyAllConditions(now => now.AfterPosition.ShouldBe(42), now => (now.Cases, now.Recounted).ShouldBe((500, 9)), now => now.Years.ShouldBeNull());
        PolicyDecider.Decide(new AdvanceRecount(3, 42, 500, 9), half).ShouldBeOfType<Decision<PolicyEvent>.Nothing>();
        var done = Then(half, new AdvanceRecount(3, null, 612, 20), T0 + 1.Minutes());
        done.Due.ShouldBeNull();
        done.Recounts.ShouldHaveSingleItem().FinishedAt.ShouldBe(T0 + 1.Minutes());
        PolicyDecider.Decide(new AdvanceRecount(3, null, 612, 20), done).ShouldBeOfType<Decision<PolicyEvent>.Nothing>();
    }

    [Fact]
    public void Several_recounts_are_done_one_after_the_other()
    {
        var both = Then(Then(Begun, new AdoptCalendar([Announced2027()], null), T0), Adopt(Stricter, recount: true), T0);

        both.Due!.Cause.ShouldBe(RecountCause.Calendar);
        Then(both, new AdvanceRecount(3, null, 1, 1), T0).Due!.Cause.ShouldBe(RecountCause.Policy);
    }

    internal static CalendarYear Announced2027()
    {
        var derived = Year(2027);
        return derived with
        {
            Announced = true,
            Source = new CalendarSource("国务院办公厅关于2027年部分节假日安排的通知", new DateOnly(2026, 11, 4)),
            // One holiday a day longer than was derived, and a Saturday worked for it.
            Holidays = [.. derived.Holidays.Select((holiday, index) => index == 0 ? holiday with { To = holiday.To.AddDays(1), Workdays = [new DateOnly(2027, 1, 9)] } : holiday)],
        };
    }

    internal static WorkCalendar With(CalendarYear year) => new(new DayCalendar([.. Calendar.Days.Years.Where(other => other.Year != year.Year), year]), Hours);

    private static CalendarYear Year(int year) => Calendar.Days.Years.Single(other => other.Year == year);

    private static AdoptPolicy Adopt(DeadlinePolicy policy, DateTimeOffset? from = null, bool recount = false, DateTimeOffset? at = null) => new(policy, from, recount, at ?? T0);

    private static EditPolicy Edit(string version, IReadOnlyList<ClockRule> rules, IReadOnlyList<string>? dropped = null) => new(version, rules, [], dropped ?? [], null, null, false, T0);

    private static PolicyHistory After(PolicyHistory state, DateTimeOffset at, params PolicyEvent[] events) =>
        events.Aggregate(state, (history, happened) => history.Apply(new Fact<PolicyEvent>((PolicyEvent)Json.Read(Json.Of((object)happened), happened.GetType()), Office, at, at)));

    private static PolicyHistory Then(PolicyHistory state, PolicyCommand command, DateTimeOffset at) =>
        After(state, at, [.. PolicyDecider.Decide(command, state).ShouldBeOfType<Decision<PolicyEvent>.Emit>().Events]);

    private static Refusal Refused(PolicyHistory state, PolicyCommand command, string code)
    {
        var refusal = PolicyDecider.Decide(command, state).ShouldBeOfType<Decision<PolicyEvent>.Refuse>().Refusal;
        refusal.Code.ShouldBe(code);
        refusal.Message.ShouldBe(PolicyRefusals.All[code]);
        return refusal;
    }
}
