using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Demo;
using CommandCenter.Host.Organization;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Demo;

/// <summary>The duty of the demonstration town, played against the rules of rosters from whatever hour it begins.</summary>
public sealed class DutyScriptTests
{
    private static readonly OrganizationDirectory Organization = Read();
    private static readonly AreaCode Town = AreaCode.Parse(Places.Town);

    // Before, at, and after the changes of 08:00 and 20:00 in the district, and at its midnight.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(23)]
    public void Somebody_is_on_duty_at_every_time_of_a_week_and_no_step_is_refused(int hour)
    {
        var start = new DateTimeOffset(2026, 11, 18, hour, 0, 0, TimeSpan.Zero);
        var roster = Roster.None;
        var happened = new List<DutyEvent>();
        for (var now = start; now < start.AddDays(8); now += TimeSpan.FromMinutes(20))
        {
            while (new DutyScript(Town, Organization).Next(roster, now) is { } step && step.Due <= now)
            {
                var by = new By(step.Actor, Role.Dispatcher, Town);
                var emit = DutyDecider.Decide(Command(step, now), roster, by).ShouldBeOfType<Decision<DutyEvent>.Emit>($"{step} at {now:O}");
                foreach (var e in emit.Events)
                {
                    happened.Add(e);
                    roster = roster.Apply(new Fact<DutyEvent>(e, by, now, now));
                }
            }

            roster.At(now).Select(on => on.Role).Distinct().Count().ShouldBe(2, $"a lead and an operator at {now:O}");
            roster.Gaps(now).ShouldBeEmpty();
        }

        happened.OfType<DutySwapped>().Count().ShouldBe(1);
        happened.OfType<DutyHandedOver>().Count().ShouldBeGreaterThan(15);
        // At the end of the week one of each role may be about to be accepted.
        (happened.OfType<DutyHandedOver>().Count() - happened.OfType<DutyAccepted>().Count()).ShouldBeInRange(0, 2);
        happened.OfType<DutyTakenOver>().ShouldNotBeEmpty();
    }

    private static DutyCommand Command(DutyStep step, DateTimeOffset at) => step switch
    {
        DutyStep.Plan plan => new PlanDuty(plan.Shifts, false, false, at),
        DutyStep.Swap swap => new SwapDuty(swap.Shift, swap.With, at),
        DutyStep.HandOver given => new HandOverDuty(given.Shift, null, new MarkedText(given.Note, []), [], at),
        DutyStep.Accept accepted => new AcceptDuty(accepted.Shift, null, at),
        DutyStep.TakeOver taken => new TakeOverDuty(taken.Shift, null, new MarkedText(taken.Reason, []), at),
        _ => throw new InvalidOperationException($"{step} is no step."),
    };

    private static OrganizationDirectory Read()
    {
        var content = OrganizationFolder.Read(OrganizationFolder.DemoDistrict).ShouldBeOfType<OrganizationReading.Complete>().Content;
        var history = OrganizationHistory.None.With(OrganizationImport.Difference(OrganizationHistory.None, content, null).Events);
        return history.At(new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero));
    }
}
