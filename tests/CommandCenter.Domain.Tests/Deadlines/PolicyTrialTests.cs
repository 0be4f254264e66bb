using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>What another policy would have come to, beside what happened.</summary>
public class PolicyTrialTests
{
    private static readonly DeadlinePolicy Strict = Policy with { Version = "strict", Rules = [.. Policy.Rules.Select(rule => rule.Clock == Clock.Handle ? rule with { Limit = new Limit(3, TimeUnit.NaturalDays) } : rule)] };

    [Fact]
    public void The_policy_that_counted_comes_to_what_happened_in_every_life() => LegalLife.ForAll(life =>
    {
        // What was counted anew, or fired late, is not what the policy alone comes to.
        if (life.Moves.Any(move => move.Turn != PolicyTurn.None || move.Asleep) || life.Policy != 0)
            return;
        var world = life.Live();
        if (world.Events.Any(happened => happened is CaseClosed { NotRated: not null }))
            return;
        var report = Try(Policy, world, Town.With(life.Vacant));

        report.Notices.ShouldAllBe(row => row.Notices.Happened == row.Notices.Would);
        report.Matters.ShouldAllBe(matter => matter.LateRuns.Happened == matter.LateRuns.Would && matter.LateCases.Happened == matter.LateCases.Would);
        report.NotRated.ShouldBe(default);
    });

    [Fact]
    public void A_stricter_limit_shows_what_would_have_been_late_and_whom_it_would_have_told()
    {
        var world = Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0 + 5.Days()), Verified().At(T0 + 5.Days()), Rated().At(T0 + 5.Days()), Closed().At(T0 + 5.Days())).World;

        var report = Try(Strict, world, Town.Organization);

        report.Matters.ShouldHaveSingleItem().ShouldBe(new TriedMatter(Sector.Economy, "road-damage", 1, new Tried(0, 1), new Tried(0, 1)));
        report.Notices.ShouldBe(
        [
            // Both who hold the post: warned a day before, told when it was due; the lead a day after. The leader would have come three days after.
            new TriedNotices(Role.PostHandler, null, new Tried(0, 2)), new TriedNotices(Role.PostHandler, EscalationLevel.Responsible, new Tried(0, 2)), new TriedNotices(Role.SectorLead, EscalationLevel.SectorLead, new Tried(0, 1)),
        ]);
        (report.Policy, report.Cases, report.Events).ShouldBe(("strict", 1, world.Facts.Count));
    }

    [Fact]
    public void A_rating_that_would_have_come_too_late_is_counted_and_the_case_goes_on_as_it_did()
    {
        var sooner = Policy with { Version = "sooner", Rules = [.. Policy.Rules.Select(rule => rule.Clock == Clock.Rate ? rule with { Limit = new Limit(3, TimeUnit.NaturalDays) } : rule)] };
        var world = Deadlines.Given(
            Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0), Rated(FixResult.NotFixed).At(T0 + 4.Days()), Dispatched(2).At(T0 + 4.Days())).World;

        Try(sooner, world, Town.Organization).NotRated.ShouldBe(new Tried(0, 1));
        var unrated = Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0), Verified().At(T0)).WhenTime(T0 + 9.Days()).World;
        Try(Policy, unrated, Town.Organization).NotRated.ShouldBe(new Tried(1, 1));
    }

    [Fact]
    public void What_is_open_is_looked_at_as_of_the_end_and_cases_without_their_report_are_passed_over()
    {
        var world = Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0)).World;
        var trial = Trial(Strict, Town.Organization);
        foreach (var fact in world.Facts)
            trial.Take(CaseId, fact);
        foreach (var fact in world.Facts.Skip(1))
            trial.Take(OtherCase, fact);
        var report = trial.End(T0, T0 + 6.Days());

        report.Cases.ShouldBe(1);
        report.Matters.Single().LateRuns.ShouldBe(new Tried(0, 1));
    }

    [Fact]
    public void Parts_of_a_log_put_together_are_the_whole()
    {
        var worlds = Enumerable.Range(0, 4).Select(n => Deadlines.Given(Reported().At(T0), Filed().At(T0), Dispatched().At(T0), Claimed().At(T0), Completed().At(T0 + (2 * n).Days())).World).ToList();
        var (whole, parts) = (Trial(Strict, Town.Organization), worlds.Select(_ => Trial(Strict, Town.Organization)).ToList());
        for (var n = 0; n < worlds.Count; n++)
        {
            foreach (var fact in worlds[n].Facts)
            {
                whole.Take($"{n}", fact);
                parts[n].Take($"{n}", fact);
            }
        }

        Json.Of(PolicyTrial.Join([.. parts.Select(part => part.End(T0, T0 + 40.Days()))])).ShouldBe(Json.Of(whole.End(T0, T0 + 40.Days())));
    }

    private static PolicyTrial Trial(DeadlinePolicy policy, OrganizationDirectory organization) =>
        new(new PolicyBook(policy, [], Calendar), _ => organization, Plan, code => Town.Organization.FindCategory(code)?.Sector);

    private static TrialReport Try(DeadlinePolicy policy, World world, OrganizationDirectory organization)
    {
        var trial = Trial(policy, organization);
        foreach (var fact in world.Facts)
            trial.Take(CaseId, fact);
        return trial.End(T0, world.Facts[^1].RecordedAt);
    }
}
