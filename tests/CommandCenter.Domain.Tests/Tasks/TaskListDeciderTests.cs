using System.Text;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskLives;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

public class TaskListDeciderTests
{
    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to a list of tasks\n\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal with those of its lines.\n");
        foreach (var (name, events) in ListStates)
        {
            var state = TaskLists.Fold(events);
            page.Append($"\n## {name}\n\nPossible: {(TaskListDecider.Possible(state) is { Count: > 0 } possible ? string.Join(", ", possible) : "nothing more")}.\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command, by) in ListCommands)
                page.Append($"| {way} | {TaskDeciderTests.Outcome(TaskListDecider.Decide(command, state, by))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_code_is_reachable_and_no_other_is_given()
    {
        var refusals = (from state in ListStates
                        from command in ListCommands
                        let decision = TaskListDecider.Decide(command.Command, TaskLists.Fold(state.Events), command.By)
                        where decision is Decision<TaskListEvent>.Refuse
                        select ((Decision<TaskListEvent>.Refuse)decision).Refusal)
            .Append(Refused(Book([Adopted()], AdditionRequested(T0 + 1.Days()), new AdmissionAdditionApproved(1)))).ToList();

        refusals.Select(refusal => refusal.Code).Distinct().Order(StringComparer.Ordinal).ShouldBe(TaskListRefusals.All.Keys.Order(StringComparer.Ordinal));
        refusals.SelectMany(refusal => refusal.Lines ?? []).Select(line => line.Code).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(TaskListRefusals.AllLines.Keys.Order(StringComparer.Ordinal));

        Refusal Refused(AdmissionBook admissions) =>
            TaskListDecider.Decide(Publish(admissions), TaskLists.Fold(Drafted()), Desk).ShouldBeOfType<Decision<TaskListEvent>.Refuse>().Refusal;
    }

    [Fact]
    public void What_is_called_possible_is_exactly_what_can_happen()
    {
        foreach (var (name, events) in ListStates.Where(life => !life.State.StartsWith("Drafted, ", StringComparison.Ordinal)))
        {
            var state = TaskLists.Fold(events);
            var happens = ListCommands.Where(way => TaskListDecider.Decide(way.Command, state, way.By) is Decision<TaskListEvent>.Emit)
                .Select(way => way.Command.Name).Distinct().Order(StringComparer.Ordinal);

            TaskListDecider.Possible(state).Order(StringComparer.Ordinal).ShouldBe(happens, name);
        }
    }

    [Fact]
    public void What_is_decided_can_be_folded_in_every_state_and_nothing_else_can()
    {
        TaskListEvent[] all = [Drafted(), Revised(), Published(), Withdrawn(), ListClosed()];
        foreach (var (name, events) in ListStates.Where(life => !life.State.StartsWith("Drafted, ", StringComparison.Ordinal)))
        {
            var state = TaskLists.Fold(events);
            var decidable = ListCommands.Select(way => TaskListDecider.Decide(way.Command, state, way.By)).OfType<Decision<TaskListEvent>.Emit>().Select(emit => emit.Events[0].GetType()).ToHashSet();
            foreach (var happened in all)
            {
                var fact = new Fact<TaskListEvent>(happened, Desk, T0, T0);
                if (decidable.Contains(happened.GetType()))
                    Should.NotThrow(() => state.Apply(fact), $"{happened.GetType().Name} in {name}");
                else
                    Should.Throw<InvalidOperationException>(() => state.Apply(fact), $"{happened.GetType().Name} in {name}");
            }
        }
    }

    [Fact]
    public void A_list_goes_to_each_target_of_each_item_as_one_task_with_a_name_of_its_own()
    {
        var list = (TaskList.Known)TaskLists.Fold(Drafted(Item(1), Item(2, targets: Town.Yard)));

        list.File.Tasks.Select(task => task.IdIn(ListId)).ShouldBe([$"{ListId}-1-{Town.Grid}", $"{ListId}-1-{Town.OtherGrid}", $"{ListId}-2-{Town.Yard}"]);
        TaskLists.Given(Drafted(Item(1), Item(2, targets: Town.Yard))).When(Publish()).Then(Published(3));
    }

    [Fact]
    public void What_an_areas_list_does_not_hold_is_refused_line_by_line_and_nothing_goes_out() =>
        TaskLists.Given(Drafted(Item(1), Item(2, matter: "river-pollution")))
            .When(Publish(Book([Adopted("river-pollution")])))
            .ThenRefused("task_list.not_publishable", ($"items/1/{Town.Grid}", "task_list.line.not_admitted"), ($"items/1/{Town.OtherGrid}", "task_list.line.not_admitted"))
            .Lines![0].Message.Zh.ShouldContain("紧急新增");

    [Fact]
    public void A_village_may_have_its_own_list_and_only_its_own_grids_are_bound_by_it() =>
        TaskLists.Given(new TaskListDrafted(Words(), [Item()], [Town.Grid, AreaCode.Parse("500999101002001")]))
            .When(Publish(Book([], new AdmissionListAdopted(Town.Village, AreaLevel.Grid, []))))
            .ThenRefused("task_list.not_publishable", ($"items/1/{Town.Grid}", "task_list.line.not_admitted"));

    [Fact]
    public void An_approved_urgent_addition_lets_it_out_and_the_list_says_on_what_it_rests()
    {
        TaskLists.Given(Drafted()).When(Publish(Book([Adopted()], AdditionRequested(), new AdmissionAdditionApproved(1)))).Then(Published(2, $"{Town.Code}/1"));
        TaskLists.Given(Drafted()).When(Publish(Book([Adopted()], AdditionRequested())))
            .ThenRefused("task_list.not_publishable", ($"items/1/{Town.Grid}", "task_list.line.not_admitted"), ($"items/1/{Town.OtherGrid}", "task_list.line.not_admitted"));
    }

    [Fact]
    public void Nothing_is_due_after_the_addition_that_it_rests_on_ends() =>
        TaskLists.Given(Drafted()).When(Publish(Book([Adopted()], AdditionRequested(Due - 1.Days()), new AdmissionAdditionApproved(1))))
            .ThenRefused(
                "task_list.not_publishable", ($"items/1/{Town.Grid}", "task_list.line.addition_ends_before"), ($"items/1/{Town.OtherGrid}", "task_list.line.addition_ends_before"));

    [Fact]
    public void A_town_sends_lists_to_its_own_areas_only_and_the_district_to_all() =>
        TaskLists.Given(new TaskListDrafted(Words(), [Item()], [Town.Grid, Town.OtherTown, Town.District]))
            .When(Publish()).ThenRefused(
                "task_list.not_publishable", ($"items/1/{Town.OtherTown}", "task_list.line.target_outside"), ($"items/1/{Town.District}", "task_list.line.target_outside"));

    [Fact]
    public void A_list_is_closed_only_when_all_is_judged_decided_or_past_its_limit() =>
        TaskLists.Given(Drafted(), Published())
            .When(CloseList(Due - 1.Hours(), Standing(TaskStage.Completed), Standing(TaskStage.Returned), Standing(TaskStage.Assigned), Standing(TaskStage.Accepted), Standing(TaskStage.Cancelled)))
            .ThenRefused(
                "task_list.not_closable",
                ($"items/1/{Town.Grid}", "task_list.line.unchecked"), ($"items/1/{Town.Grid}", "task_list.line.returned"), ($"items/1/{Town.Grid}", "task_list.line.not_due"))
            .Lines!.ShouldAllBe(line => line.Subject == TaskId);

    [Fact]
    public void Closing_scores_every_target_and_what_is_open_and_late_counts_as_not_done() =>
        TaskLists.Given(Drafted(), Published())
            .When(CloseList(Due, Standing(TaskStage.Accepted), Standing(TaskStage.Claimed, target: Town.OtherGrid)))
            .Then(ListClosed(new TargetScore(Town.Grid, 1, 1, 0, 0, 0, 0, 0, 0, 100), new TargetScore(Town.OtherGrid, 1, 0, 0, 1, 0, 0, 0, 0, 0)));

    [Fact]
    public void Whoever_publishes_answers_for_the_list_from_then_on()
    {
        var office = new By("office", Role.Office, Town.Code);
        var list = TaskList.Fold([new Fact<TaskListEvent>(Drafted(), Desk, T0, T0), new Fact<TaskListEvent>(Published(), office, T0, T0)]);

        list.ShouldBeOfType<TaskList.Published>().File.Issuer.ShouldBe(office);
    }

    [Fact]
    public void The_row_of_lists_agrees_with_the_list()
    {
        foreach (var (name, events) in ListStates.Where(life => life.Events.Length > 0))
        {
            TaskListSummary? row = null;
            for (var version = 1; version <= events.Length; version++)
            {
                var fact = new Fact<TaskListEvent>(events[version - 1], Desk, T0, T0);
                row = TaskListSummary.Apply(row, ListId, version, version, fact);
                row = TaskListSummary.Apply(Json.Read<TaskListSummary>(Json.Of(row)), ListId, version, version, fact);
            }

            var list = (TaskList.Known)TaskLists.Fold(events);
            (row!.Stage, row.Title, row.Tasks, row.Issuer).ShouldBe((list.Stage!.Value, list.File.Title.Text, list.File.Tasks.Count(), list.File.Issuer), name);
            row.Targets.ShouldBe(list.File.Tasks.Select(task => task.Target).Distinct().Count(), name);
        }

        Should.Throw<InvalidOperationException>(() => TaskListSummary.Apply(null, ListId, 1, 1, new Fact<TaskListEvent>(Published(), Desk, T0, T0))).Message.ShouldContain("draft");
    }
}
