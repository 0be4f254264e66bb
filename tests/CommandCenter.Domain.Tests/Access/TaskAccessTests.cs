using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

public class TaskAccessTests
{
    private static readonly By TownDesk = new("publisher", Role.Dispatcher, Town.Code);
    private static readonly By Department = new("department", Role.Department, Town.District);

    [Fact]
    public void Each_role_may_do_its_part_at_its_own_place_only()
    {
        var page = new StringBuilder("""
            # Who may do what with lists of tasks

            The task lies at a yard and was claimed by somebody who is none of the callers. Whether its state allows the command is another question (see what may happen to a task).
            *Draft* is what a caller may begin; *list* is whether they see a published list, *draft* whether a draft; *task* and *personal* whether they see the task, and its photos and sealed spans.

            """);
        foreach (var (title, issuer) in ((string, By)[])[("A list that the town's dispatcher published", TownDesk), ("A list that a department of the district published", Department)])
        {
            var task = Task(issuer, Town.Yard);
            var file = Tasks.File(task);
            TaskList.Known draft = List(issuer, false), published = List(issuer, true);
            string[] listCommands = ["draft", "revise", "publish", "withdraw", "close"];
            string[] taskCommands = ["claim", "progress", "complete", "return", "release", "resend", "check", "cancel"];
            page.Append($"\n## {title}\n\n| role | place | list | a draft | task | personal | {string.Join(" | ", listCommands.Concat(taskCommands))} |\n|{string.Concat(Enumerable.Repeat("---|", 6 + listCommands.Length + taskCommands.Length))}\n");
            foreach (var (role, place, caller) in Callers())
            {
                string[] cells =
                [
                    Mark(TaskAccess.MaySee(caller, published)),
                    Mark(TaskAccess.MaySee(caller, draft)),
                    Mark(TaskAccess.MaySee(caller, file)),
                    Mark(TaskAccess.MaySeePersonalData(caller, file)),
                    .. listCommands.Select(command => Mark(TaskAccess.May(caller, command, command == "draft" ? TaskList.None : published))),
                    .. taskCommands.Select(command => Mark(TaskAccess.May(caller, command, task))),
                ];
                page.Append($"| {role} | {place} | {string.Join(" | ", cells)} |\n");
            }
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Each_role_may_do_its_part_with_admission_lists()
    {
        string[] commands = ["adopt", "request", "approve", "reject", "end"];
        var page = new StringBuilder($"# Who may do what with admission lists\n\nOf the town, by somebody of the town or the district.\n\n| role | place | read | additions | {string.Join(" | ", commands)} |\n|{string.Concat(Enumerable.Repeat("---|", 4 + commands.Length))}\n");
        foreach (var (role, place, caller) in Callers())
            page.Append($"| {role} | {place} | {Mark(AdmissionAccess.MaySee(caller))} | {Mark(AdmissionAccess.MaySeeAdditions(caller, Town.Code))} | {string.Join(" | ", commands.Select(command => Mark(AdmissionAccess.May(caller, command, Town.Code))))} |\n");

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Nobody_may_anything_with_what_does_not_exist_but_begin_it()
    {
        foreach (var (_, _, caller) in Callers())
        {
            TaskLives.Commands.Where(way => way.Command is not AssignTask).ShouldAllBe(way => !TaskAccess.May(caller, way.Command.Name, GridTask.None));
            TaskLives.ListCommands.Where(way => way.Command is not DraftTaskList).ShouldAllBe(way => !TaskAccess.May(caller, way.Command.Name, TaskList.None));
            TaskAccess.May(caller, "erase", Task(TownDesk, Town.Grid)).ShouldBeFalse();
            TaskAccess.May(caller, "erase", List(TownDesk, true)).ShouldBeFalse();
        }
    }

    [Fact]
    public void Nobody_checks_their_own_work_in_whichever_of_their_seats()
    {
        var done = GridTask.Fold([.. ((TaskEvent[])[Assigned(), TaskClaimed(), TaskCompleted()]).Select(happened =>
            new Fact<TaskEvent>(happened, happened is TaskAssigned ? TownDesk : new By("dispatcher", Role.Dispatcher, Town.Code), T0, T0))]);

        TaskAccess.May(Town.As("dispatcher", Role.Dispatcher, Town.Code), "check", done).ShouldBeFalse();
        TaskAccess.May(Town.As("dispatcher", Role.Office, Town.Code), "check", done).ShouldBeFalse();
        TaskAccess.May(Town.As("another", Role.Office, Town.Code), "check", done).ShouldBeTrue();
    }

    [Fact]
    public void Another_department_is_no_colleague_of_the_department_that_published()
    {
        TaskAccess.May(Town.As("department", Role.Department, Town.District), "close", List(Department, true)).ShouldBeTrue();
        TaskAccess.May(Town.As("department-2", Role.Department, Town.District), "close", List(Department, true)).ShouldBeFalse();
        TaskAccess.May(Town.As("department", Role.Department, Town.District), "close", List(new By("office", Role.Office, Town.District), true)).ShouldBeFalse();
    }

    [Fact]
    public void The_people_of_a_department_answer_for_its_lists_together()
    {
        var list = TaskList.Fold(
            [new Fact<TaskListEvent>(Drafted() with { Department = Town.WaterDepartment }, Department, T0, T0), new Fact<TaskListEvent>(Published(), Department, T0, T0)]);
        var task = GridTask.Fold([new Fact<TaskEvent>(Assigned() with { Department = Town.WaterDepartment }, Department, T0, T0)]);

        foreach (var (code, mayClose) in ((string, bool)[])[(Town.WaterDepartment, true), ("forestry", false)])
        {
            var caller = new Caller("water-2", new RoleAt(Role.Department, Town.District, Department: code));
            TaskAccess.May(caller, "close", list).ShouldBe(mayClose, code);
            TaskAccess.May(caller, "cancel", task).ShouldBe(mayClose, code);
        }
    }

    [Fact]
    public void Whoever_drafted_a_list_reads_it_still_when_somebody_else_of_the_desk_published_it()
    {
        var list = (TaskList.Known)TaskList.Fold(
            [new Fact<TaskListEvent>(Drafted(), Department, T0, T0), new Fact<TaskListEvent>(Published(), new By("office", Role.Office, Town.District), T0, T0)]);

        TaskAccess.MaySee(Town.As("department", Role.Department, Town.District), list).ShouldBeTrue();
        TaskAccess.May(Town.As("department", Role.Department, Town.District), "close", list).ShouldBeFalse();
    }

    [Fact]
    public void A_claimer_who_lost_the_seat_no_longer_releases_but_somebody_above_does()
    {
        var claimed = Tasks.Fold(Assigned(), TaskClaimed());

        TaskAccess.May(Town.As("grid-worker", Role.GridWorker, Town.OtherGrid), "release", claimed).ShouldBeFalse();
        TaskAccess.May(Town.As("secretary", Role.VillageSecretary, Town.Village), "release", claimed).ShouldBeTrue();
    }

    [Fact]
    public void The_words_of_an_item_are_open_to_those_who_have_to_do_it()
    {
        var list = ((TaskList.Known)TaskLists.Fold(Drafted(Item(1, targets: Town.Grid)))).File;

        TaskAccess.MaySeePersonalData(Town.As("grid-worker", Role.GridWorker, Town.Grid), list, list.Items[0]).ShouldBeTrue();
        TaskAccess.MaySeePersonalData(Town.As("other", Role.GridWorker, Town.OtherGrid), list, list.Items[0]).ShouldBeFalse();
        TaskAccess.MaySeePersonalData(Town.As("x", Role.PostHandler, Town.Code), list, list.Items[0]).ShouldBeFalse();
    }

    private static IEnumerable<(string Role, string Place, Caller Caller)> Callers()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var (own, other) = role switch
            {
                Role.GridWorker => (Town.Grid, Town.OtherGrid),
                Role.YardHead or Role.YardStaff => (Town.Yard, Town.OtherYard),
                Role.VillageSecretary => (Town.Village, Town.OtherVillage),
                Role.DistrictSupervisor or Role.Resident => (Town.District, AreaCode.Parse("500998")),
                _ => (Town.Code, Town.OtherTown),
            };
            yield return ($"{role}", $"own {own.Level}", Town.As("x", role, own));
            if (role is Role.Office or Role.Department or Role.Administrator)
                yield return ($"{role}", "District", Town.As("x", role, Town.District));
            yield return ($"{role}", "elsewhere", Town.As("x", role, other));
        }
    }

    private static GridTask Task(By issuer, AreaCode target) => GridTask.Fold(
        [new Fact<TaskEvent>(Assigned(target: target), issuer, T0, T0), new Fact<TaskEvent>(TaskClaimed(), new By("somebody", Role.YardHead, target), T0, T0)]);

    private static TaskList.Known List(By issuer, bool published)
    {
        TaskListEvent[] events = published ? [Drafted(Item(1, targets: Town.Yard)), Published()] : [Drafted(Item(1, targets: Town.Yard))];
        return (TaskList.Known)TaskList.Fold(events.Select(happened => new Fact<TaskListEvent>(happened, issuer, T0, T0)));
    }

    private static string Mark(bool allowed) => allowed ? "yes" : "–";
}
