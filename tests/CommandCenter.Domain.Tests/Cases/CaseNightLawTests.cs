using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>What holds for every life of a case by day and night, with rosters and people who are absent: whoever is there is told, and may do what is asked.</summary>
public class CaseNightLawTests
{
    private static readonly Dictionary<string, string> Absent = new() { ["grid-worker"] = "yard-head", ["handler"] = "colleague", ["neighbour-dispatcher"] = "neighbour-leader" };

    private static OrganizationDirectory Of(LegalLife life) => Town.With(life.Vacant, substitutes: life.VillageFirst ? Absent : null, wholeNeighbour: true).With(new Dictionary<AreaCode, IReadOnlyList<OnDuty>>
    {
        [Town.Code] = [new OnDuty("livelihood-lead", DutyRole.Operator, DutyStanding.OnDuty, 1), new OnDuty("economy-lead", DutyRole.Lead, DutyStanding.OnDuty, 2)],
        [Town.OtherTown] = [new OnDuty("neighbour-leader", DutyRole.Operator, DutyStanding.OnDuty, 1)],
    });

    [Fact]
    public void Whoever_is_told_of_their_turn_instead_of_a_seat_may_bring_the_case_on()
    {
        var reasons = new HashSet<RecipientReason>();
        LegalLife.ForAll(life =>
        {
            var organization = Of(life);
            life.Live(organization: organization, telling: (world, notice) =>
            {
                if (world.State is not Case.Known { IsOpen: true } open || notice.Sent.ToKnow == true || Audiences.Asked(notice.Sent.Kind) != Audience.WhoseTurn)
                    return;
                var there = NoticeDesk.ToWhoIsThere([notice], open.File.Town, world.Facts[^1].RecordedAt, organization, world.Policies.Calendar);
                there.ShouldNotBeEmpty();
                foreach (var told in there)
                {
                    reasons.Add(told.Sent.Reason);
                    // Who is away keeps what their substitute did themselves.
                    ((string?[])[null, open.File.CompletedBy]).ShouldContain(organization.SubstituteOf(told.Person));
                    organization.Callers(told.Person).ShouldContain(caller => TwoSeatLawTests.Onwards(open).Any(command => CaseAccess.May(caller, command, open)), $"{told.Person} of {notice.Sent.Kind} in {open.Stage} of {open.File.Town}");
                }
            });
        });

        // Else the law would say nothing.
        reasons.Order().ShouldBe([RecipientReason.Holder, RecipientReason.VacancyAbove, RecipientReason.Substitute, RecipientReason.OnDuty]);
    }

    [Fact]
    public void Every_life_of_a_case_can_come_to_its_end_by_people_who_are_there() => LegalLife.ForAll(life =>
    {
        var world = life.Live(organization: Of(life));
        for (var step = 0; world.State is Case.Known { IsOpen: true } open; step++)
        {
            step.ShouldBeLessThan(40, $"{open.Stage}");
            List<string> ways = [.. TwoSeatLawTests.Onwards(open)];
            if (open.File.Supervision is { Answered: false })
                ways.Insert(0, "answer-supervision");
            if (open is Case.Handling && open.File.UnfinishedSubtasks.Any())
                ways.Insert(0, "finish-subtask");
            var next = (from name in ways
                        from person in world.Organization.People
                        from caller in world.Organization.Callers(person.Id)
                        let command = TwoSeatLawTests.CommandOf(caller, name, open, world)
                        where command is not null
                        select (Command: command is RateCase ? Rate() : command, caller.By)).FirstOrDefault();
            next.Command.ShouldNotBeNull($"nobody can bring it on: {open.Stage} in {open.File.Town}");
            world.Do(next.Command, next.By, world.Facts[^1].RecordedAt + 1.Minutes());
        }
    });
}
