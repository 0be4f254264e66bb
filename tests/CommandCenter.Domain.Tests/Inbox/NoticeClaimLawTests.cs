using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>What is told of a matter is still asked by it in that moment: else it would lapse before anybody read it.</summary>
public class NoticeClaimLawTests
{
    [Fact]
    public void What_a_case_tells_somebody_it_still_asks_of_them_in_the_moment_in_which_they_are_told() => LegalLife.ForAll(life =>
        life.Live(telling: (world, notice) => Holds(notice, world.State, world.Organization)));

    [Fact]
    public void So_it_does_after_every_command_in_every_state()
    {
        var kinds = new HashSet<NoticeKind>();
        foreach (var (name, events) in CaseLives.States)
        {
            foreach (var (way, command, by) in CaseLives.Commands)
            {
                var before = Cases.Fold([.. events]);
                if (CaseDecider.Decide(command, before, by) is not Decision<CaseEvent>.Emit emit)
                    continue;
                var after = emit.Events.Aggregate(before, (state, happened) => state.Apply(new Fact<CaseEvent>(happened, by, T0, T0)));
                var reaction = DeadlineSaga.React(CaseId, after, emit.Events, T0, Sample.Policies, Town.Organization, Plan);
                var told = reaction.Events.Aggregate(after, (state, happened) => state.Apply(new Fact<CaseEvent>(happened, by, T0, T0)));
                foreach (var notice in reaction.Notices)
                {
                    Holds(notice, told, Town.Organization, $"{way} in {name}");
                    kinds.Add(notice.Sent.Kind);
                }
            }
        }

        // Else the law would say nothing. What time tells, and a subtask for a person, the lives have.
        kinds.Order().ShouldBe(
            Enum.GetValues<NoticeKind>().Where(kind => Audiences.IsOfCase(kind) && kind is not (NoticeKind.Warning or NoticeKind.Escalation or NoticeKind.HolderLeft or NoticeKind.SubtaskAdded or NoticeKind.SupervisionUnanswered)).Order());
    }

    [Fact]
    public void What_comes_back_before_its_filing_is_still_the_operators_and_after_it_the_dispatchers()
    {
        Stays(NoticeKind.Returned, "operator", Reported(), CheckOrdered(), Recalled() with { Unit = null });
        Stays(NoticeKind.Returned, "operator", Reported(), new CaseSentToVillage(null), Recalled() with { Unit = null });
        Stays(NoticeKind.Returned, "operator", Reported(), TransferRequested(), Recalled() with { Unit = null });
        Stays(NoticeKind.Returned, "dispatcher", Reported(), Filed(), TransferRequested(), Recalled() with { Unit = null });
        Stays(NoticeKind.Reopened, "operator", Reported(), SolvedOnSpot(), Reopened());
        Stays(NoticeKind.Reopened, "operator", ReportedToVillage(), Settled(), Reopened());
        Stays(NoticeKind.TransferDeclined, "operator", Reported(), TransferRequested(), TransferDeclined());
        Stays(NoticeKind.TransferDeclined, "dispatcher", Reported(), Filed(), TransferRequested(), TransferDeclined());

        static void Stays(NoticeKind kind, string person, params CaseEvent[] events)
        {
            var state = Cases.Fold(events);
            var told = DeadlineSaga.React(CaseId, state, [events[^1]], T0, Sample.Policies, Town.Organization, Plan).Notices.Where(notice => notice.Sent.ToKnow != true).ShouldHaveSingleItem();
            (told.Person, told.Sent.Kind).ShouldBe((person, kind));
            Holds(told, state, Town.Organization);
        }
    }

    [Fact]
    public void What_a_task_tells_somebody_it_still_asks_of_them_in_the_moment_in_which_they_are_told() => TaskListLife.ForAll(life =>
        life.Live(telling: (notice, task) => NoticeClaim.Of(notice.Sent, notice.Person, task, life.Organization).ShouldBe(NoticeClaim.Holds, $"{notice.Sent.Kind} of {notice.Person} in {task.Stage}")));

    [Fact]
    public void What_a_whistle_tells_somebody_it_still_asks_of_them_in_the_moment_in_which_they_are_told() => WhistleLife.ForAll(life =>
        life.Live(telling: (world, notice) => NoticeClaim.Of(notice.Sent, notice.Person, world.State, world.Organization).ShouldBe(NoticeClaim.Holds, $"{notice.Sent.Kind} of {notice.Person}")));

    private static void Holds(Notice notice, Case state, OrganizationDirectory organization, string? after = null) =>
        NoticeClaim.Of(notice.Sent, notice.Person, state, organization).ShouldBe(NoticeClaim.Holds, $"{notice.Sent.Kind} of {notice.Person} in {state.Stage}, after {after}");
}
