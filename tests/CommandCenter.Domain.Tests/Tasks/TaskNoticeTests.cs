using CommandCenter.Domain.Access;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

public class TaskNoticeTests
{
    [Theory]
    [InlineData("500999101001001001", "yard-head", Role.YardHead, RecipientReason.Holder)]
    [InlineData("500999101001001", "grid-worker", Role.GridWorker, RecipientReason.Holder)]
    [InlineData("500999101001", "secretary", Role.VillageSecretary, RecipientReason.Holder)]
    [InlineData("500999101", "dispatcher", Role.Dispatcher, RecipientReason.Holder)]
    public void A_target_is_its_own_seats_business(string target, string person, Role role, RecipientReason reason) =>
        Responsible(Town.Organization, target).ShouldBe([new Recipient(person, role, reason)]);

    [Fact]
    public void Where_a_seat_is_vacant_the_next_above_is_told_that_it_is()
    {
        Responsible(Town.With([Role.YardHead]), Town.Yard.Value).ShouldBe([new Recipient("grid-worker", Role.GridWorker, RecipientReason.VacancyAbove)]);
        Responsible(Town.With([Role.YardHead, Role.GridWorker]), Town.Yard.Value).ShouldBe([new Recipient("secretary", Role.VillageSecretary, RecipientReason.VacancyAbove)]);
        Responsible(Town.With([Role.GridWorker, Role.VillageSecretary]), Town.Grid.Value).ShouldBe([new Recipient("dispatcher", Role.Dispatcher, RecipientReason.VacancyAbove)]);
        Responsible(Town.With([Role.GridWorker, Role.VillageSecretary, Role.Dispatcher, Role.TownLeader]), Town.Grid.Value)
            .ShouldBe([new Recipient("supervisor", Role.DistrictSupervisor, RecipientReason.VacancyAbove)]);
    }

    [Fact]
    public void Who_acts_in_a_seat_is_told_only_while_nobody_holds_it()
    {
        var acting = Town.Holder("acting", new RoleAt(Role.GridWorker, Town.Grid, Acting: true));

        Responsible(Town.With(added: [acting]), Town.Grid.Value).ShouldBe([new Recipient("grid-worker", Role.GridWorker, RecipientReason.Holder)]);
        Responsible(Town.With([Role.GridWorker], [acting]), Town.Grid.Value).ShouldBe([new Recipient("acting", Role.GridWorker, RecipientReason.Acting)]);
    }

    [Fact]
    public void What_lies_at_an_area_that_ended_is_its_successors_to_do()
    {
        // The second grid was joined to the first.
        var town = Town.Organization;
        var joined = new OrganizationDirectory(
            town.TimeZone, town.Areas, town.Posts, town.People, town.Categories, [],
            former: FormerOrganization.None with { Areas = [(new Area(Town.OtherGrid, "二网格", "Grid 2"), new DateOnly(2026, 3, 1))] },
            successions: [new Succession(Unit.OfGrid(Town.OtherGrid), Unit.OfGrid(Town.Grid))]);

        Responsible(joined, Town.OtherGrid.Value).ShouldBe([new Recipient("grid-worker", Role.GridWorker, RecipientReason.Holder)]);
        new TaskSeats(joined).TargetsOf("grid-worker", [Town.Grid, Town.OtherGrid]).ShouldContain(Town.OtherGrid);
        new TaskSeats(joined).SeatFor("grid-worker", Town.OtherGrid).ShouldNotBeNull().Role.ShouldBe(Role.GridWorker);
        joined.Callers("grid-worker").ShouldContain(caller => TaskAccess.ActsFor(caller, Town.OtherGrid));
        // Before, it was nobody's below the village.
        Responsible(Town.Organization, Town.OtherGrid.Value).ShouldBe([new Recipient("secretary", Role.VillageSecretary, RecipientReason.VacancyAbove)]);
    }

    [Fact]
    public void Everybody_is_told_once_of_a_list_with_the_first_limit_of_what_is_theirs()
    {
        TaskListEvent drafted = new TaskListDrafted(Words(), [Item(1), Item(2, Due - 2.Days()), Item(3, Due - 3.Days(), targets: Town.Yard)], [Town.Grid, Town.Village]);
        var list = TaskLists.Fold(drafted, Published(5));

        TaskNotices.Of(ListId, list, [Published(5)], Town.Organization, Sample.Plan).Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.Subject, notice.Sent.DueAt)).ShouldBe(
        [
            ("grid-worker", NoticeKind.TaskListPublished, $"task_list:{ListId}", Due - 2.Days()),
            ("secretary", NoticeKind.TaskListPublished, $"task_list:{ListId}", Due - 2.Days()),
            ("yard-head", NoticeKind.TaskListPublished, $"task_list:{ListId}", Due - 3.Days()),
        ]);
    }

    [Fact]
    public void Nobody_is_told_of_a_draft_that_was_dropped() =>
        TaskNotices.Of(ListId, TaskLists.Fold(Drafted(), Withdrawn()), [Withdrawn()], Town.Organization, Sample.Plan).ShouldBeEmpty();

    [Fact]
    public void Each_step_tells_those_whose_turn_it_is()
    {
        Told([Assigned(), TaskClaimed(), TaskCompleted()]).ShouldBe([("dispatcher", NoticeKind.TaskToCheck)]);
        Told([Assigned(), TaskReturned()]).ShouldBe([("dispatcher", NoticeKind.TaskReturned)]);
        Told([Assigned(), TaskReturned(), Resent(target: Town.Village)]).ShouldBe([("secretary", NoticeKind.TaskAssigned)]);
        Told([Assigned(), TaskClaimed(), TaskCompleted(), SentBack()]).ShouldBe([("grid-worker", NoticeKind.TaskSentBack)]);
        Told([Assigned(), TaskClaimed(), Released()]).ShouldBe([("grid-worker", NoticeKind.TaskAssigned)]);
        Told([Assigned(), TaskClaimed(), Cancelled()]).ShouldBe([("grid-worker", NoticeKind.TaskCancelled)]);
        Told([Assigned(), TaskReturned(), Cancelled()]).ShouldBe([("grid-worker", NoticeKind.TaskCancelled)]);
        Told([Assigned(), Cancelled(withList: true)]).ShouldBeEmpty();
        Told([Assigned(), TaskReturned(), Resent(target: Town.Village), Cancelled(withList: true)]).ShouldBe([("secretary", NoticeKind.TaskCancelled)]);
    }

    [Fact]
    public void Whoever_did_the_work_is_not_asked_to_check_it()
    {
        var publisher = new By("dispatcher", Role.Dispatcher, Town.Code);
        new TaskSeats(Town.Organization).Desk(publisher).Select(told => told.Person).ShouldBe(["dispatcher"]);
        new TaskSeats(Town.Organization).Desk(publisher, except: "dispatcher").Select(told => told.Person).ShouldBe(["town-leader"]);
    }

    [Fact]
    public void Whoever_published_and_has_gone_is_replaced_by_the_desk()
    {
        new TaskSeats(Town.Organization).Desk(new By("gone", Role.Dispatcher, Town.Code)).Select(told => told.Person).ShouldBe(["dispatcher"]);
        new TaskSeats(Town.Organization).Desk(new By("gone", Role.Office, Town.Code)).Select(told => told.Person).ShouldBe(["dispatcher"]);
        new TaskSeats(Town.Organization).Desk(new By("gone", Role.Department, Town.District)).Select(told => told.Person).ShouldBe(["supervisor"]);
        new TaskSeats(Town.Organization).Desk(new By("gone", Role.Department, Town.District), Town.WaterDepartment).Select(told => told.Person).ShouldBe(["water-officer"]);
        new TaskSeats(Town.Organization).Desk(new By("gone", Role.Department, Town.District), "forestry").Select(told => told.Person).ShouldBe(["supervisor"]);
    }

    [Fact]
    public void What_is_a_persons_to_do_are_their_own_areas_and_those_of_vacant_seats_below()
    {
        new TaskSeats(Town.Organization).TargetsOf("secretary", [Town.Village]).ShouldBe([Town.Village]);
        new TaskSeats(Town.With([Role.GridWorker])).TargetsOf("secretary", [Town.Village]).ShouldBe([Town.Village, Town.Grid]);
        new TaskSeats(Town.Organization).TargetsOf("grid-worker", [Town.Grid]).ShouldBe([Town.Grid]);
    }

    private static IReadOnlyList<Recipient> Responsible(OrganizationDirectory organization, string target) => new TaskSeats(organization).Responsible(AreaCode.Parse(target));

    private static IEnumerable<(string Person, NoticeKind Kind)> Told(TaskEvent[] events)
    {
        var after = Tasks.Fold(events);
        return TaskNotices.Of(TaskId, after, [events[^1]], Town.Organization, Sample.Plan).Select(notice => (notice.Person, notice.Sent.Kind));
    }
}
