using System.Text;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tasks;
using static CommandCenter.Domain.Tests.Sample;
using static CommandCenter.Domain.Tests.TaskSample;

namespace CommandCenter.Domain.Tests;

public class TaskDeciderTests
{
    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to a task\n\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal.\n");
        foreach (var (name, events) in TaskLives.States)
        {
            var state = Tasks.Fold(events);
            page.Append($"\n## {name}\n\nPossible: {(TaskDecider.Possible(state) is { Count: > 0 } possible ? string.Join(", ", possible) : "nothing more")}.\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command, by) in TaskLives.Commands)
                page.Append($"| {way} | {Outcome(TaskDecider.Decide(command, state, by))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_code_is_reachable_and_no_other_is_given()
    {
        var given = from state in TaskLives.States
                    from command in TaskLives.Commands
                    let decision = TaskDecider.Decide(command.Command, Tasks.Fold(state.Events), command.By)
                    where decision is Decision<TaskEvent>.Refuse
                    select ((Decision<TaskEvent>.Refuse)decision).Refusal.Code;

        given.Distinct().Order(StringComparer.Ordinal).ShouldBe(TaskRefusals.All.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_refusal_tells_in_both_languages()
    {
        foreach (var (code, words) in TaskRefusals.All.Concat(TaskListRefusals.All).Concat(TaskListRefusals.AllLines))
        {
            words.Zh.ShouldContain(letter => letter >= '\u4e00' && letter <= '\u9fff', code);
            words.En.ShouldNotBeNullOrWhiteSpace(code);
            words.En.ShouldAllBe(letter => letter < 128, code);
        }
    }

    [Fact]
    public void What_is_called_possible_is_exactly_what_people_can_bring_about()
    {
        foreach (var (name, events) in TaskLives.States)
        {
            var state = Tasks.Fold(events);
            var happens = TaskLives.Commands
                .Where(way => way.Command is not (LapseTask or CancelTaskWithList) && TaskDecider.Decide(way.Command, state, way.By) is Decision<TaskEvent>.Emit)
                .Select(way => way.Command.Name)
                .Distinct()
                .Order(StringComparer.Ordinal);

            TaskDecider.Possible(state).Order(StringComparer.Ordinal).ShouldBe(happens, name);
        }
    }

    [Fact]
    public void What_is_decided_can_be_folded_in_every_state_and_nothing_else_can()
    {
        TaskEvent[] all = [Assigned(), TaskClaimed(), Released(), Progressed(), TaskCompleted(), TaskReturned(), Resent(), Accepted(), SentBack(), Cancelled(), Cancelled(true), Lapsed()];
        foreach (var (name, events) in TaskLives.States)
        {
            var state = Tasks.Fold(events);
            var decidable = new HashSet<string>();
            foreach (var (way, command, by) in TaskLives.Commands)
            {
                if (TaskDecider.Decide(command, state, by) is not Decision<TaskEvent>.Emit emitted)
                    continue;
                Should.NotThrow(() => emitted.Events.Aggregate(state, (folded, happened) => folded.Apply(new Fact<TaskEvent>(happened, by, T0, T0))), $"{way} in {name}");
                decidable.Add(Kind(emitted.Events[0]));
            }

            foreach (var other in all.Where(happened => !decidable.Contains(Kind(happened)) && !(state is GridTask.Assigned && happened is Domain.Tasks.TaskProgressed or Domain.Tasks.TaskCompleted)))
                Should.Throw<InvalidOperationException>(() => state.Apply(Tasks.Fact(other, T0)), $"{other.GetType().Name} in {name}");
        }

        static string Kind(TaskEvent happened) => happened is TaskCancelled { WithList: var with } ? $"{nameof(TaskCancelled)} {with}" : happened.GetType().Name;
    }

    [Fact]
    public void Every_stage_is_reached_by_some_life() =>
        TaskLives.States.Select(life => Tasks.Fold(life.Events).Stage).Distinct().Order()
            .ShouldBe(Enum.GetValues<TaskStage>().Select(stage => (TaskStage?)stage).Prepend(null));

    [Fact]
    public void Whoever_reports_a_task_as_done_has_taken_it() =>
        Tasks.Given(Assigned()).When(Finish()).Then(TaskClaimed(), TaskCompleted());

    [Fact]
    public void Two_workers_of_one_grid_race_and_the_second_does_not_act_over_the_firsts_head()
    {
        Tasks.Given(Assigned(), TaskClaimed()).When(ClaimIt(), Mate).ThenRefused("task.claimed_by_another");
        Tasks.Given(Assigned(), TaskClaimed()).When(Finish(), Mate).ThenRefused("task.claimed_by_another");
        Tasks.Given(Assigned(), TaskClaimed()).When(ClaimIt()).ThenNothing();
        Tasks.Given(Assigned(), TaskClaimed(), Released()).When(ClaimIt(), Mate).Then(TaskClaimed());
    }

    [Fact]
    public void Photos_that_came_with_progress_are_evidence_and_the_same_photo_twice_is_one()
    {
        var asked = Assigned(new EvidenceRule(Photos: 2));

        Tasks.Given(asked, TaskClaimed(), new TaskProgressed([TwoPhotos[0]])).When(Finish(null, TwoPhotos[1])).Then(TaskCompleted(null, TwoPhotos[1]));
        Tasks.Given(asked, TaskClaimed(), new TaskProgressed([TwoPhotos[0]])).When(Finish(null, TwoPhotos[0])).ThenRefused("task.evidence.photos_missing");
    }

    [Fact]
    public void After_a_failed_check_the_old_photos_prove_nothing() =>
        Tasks.Given(Assigned(new EvidenceRule(Photos: 2)), TaskClaimed(), TaskCompleted(null, TwoPhotos), SentBack())
            .When(Finish()).ThenRefused("task.evidence.photos_missing").Possible.ShouldContain("progress");

    [Fact]
    public void The_last_number_that_was_reported_stands_when_the_completion_names_none() =>
        Tasks.Given(Assigned(quantity: new Quantity("户", 30)), TaskClaimed(), Progressed(30)).When(new CompleteTask(null, [], null)).Then(new TaskCompleted([]));

    [Fact]
    public void Fewer_than_expected_is_a_result_if_it_is_explained()
    {
        var counted = Assigned(quantity: new Quantity("户", 30));

        Tasks.Given(counted).When(new CompleteTask(null, [], 28)).ThenRefused("task.number.short");
        Tasks.Given(counted).When(new CompleteTask(Words("两户外出"), [], 28)).Then(TaskClaimed(), new TaskCompleted([], Words("两户外出"), 28));
    }

    [Fact]
    public void A_return_waits_for_the_publisher_who_sends_it_again_or_cancels_it()
    {
        Tasks.Given(Assigned(), TaskReturned()).When(ClaimIt()).ThenRefused("task.returned").Possible.ShouldBe(["resend", "cancel"]);
        Tasks.Given(Assigned(), TaskReturned()).When(Resend(Town.Grid)).Then(Resent());
        Tasks.Given(Assigned(), TaskReturned()).When(Resend()).Then(Resent(target: Town.OtherGrid));
        Tasks.Given(Assigned(), TaskReturned()).When(Cancel()).Then(Cancelled());
    }

    [Fact]
    public void A_task_that_nobody_has_taken_goes_elsewhere_but_not_one_in_somebodys_hands()
    {
        Tasks.Given(Assigned()).When(Resend()).Then(Resent(target: Town.OtherGrid));
        Tasks.Given(Assigned(), TaskClaimed()).When(Resend()).ThenRefused("task.claimed").Possible.ShouldContain("release");
    }

    [Fact]
    public void A_task_does_not_go_to_an_area_whose_list_does_not_admit_it()
    {
        Tasks.Given(Assigned(), TaskReturned()).When(Resend(admissions: Book([Adopted("river-pollution")]))).ThenRefused("task.not_admitted");
        Tasks.Given(Assigned(), TaskReturned())
            .When(Resend(admissions: Book([Adopted("river-pollution")], AdditionRequested(), new Admissions.AdmissionAdditionApproved(1))))
            .Then(Resent(target: Town.OtherGrid) with { Addition = $"{Town.Code}/1" });
    }

    [Fact]
    public void A_slow_check_makes_nobody_late()
    {
        var inTime = (TaskEvent[])[Assigned(), TaskClaimed(), TaskCompleted()];

        Tasks.Given(inTime).When(FailCheck(at: Due + 1.Hours())).ThenRefused("task.check.limit_missing");
        Tasks.Given(inTime).When(FailCheck(Due + 2.Days(), Due + 1.Hours())).Then(SentBack(Due + 2.Days()));
        Tasks.Given(inTime).When(FailCheck(at: Due - 1.Hours())).Then(SentBack());
    }

    [Fact]
    public void Whoever_was_late_already_may_be_sent_back_without_a_new_limit()
    {
        var late = Tasks.Fold(Due + 1.Hours(), Assigned(), TaskClaimed(), TaskCompleted());

        TaskDecider.Decide(FailCheck(at: Due + 9.Hours()), late, Desk).ShouldBeOfType<Decision<TaskEvent>.Emit>();
    }

    [Fact]
    public void A_limit_that_passed_stays_passed_whatever_comes_later()
    {
        var late = Tasks.File(Tasks.Fold(Due, Assigned(), TaskClaimed(), TaskCompleted(), SentBack(Due + 9.Days()), TaskCompleted(), Accepted()));

        late.LateSince.ShouldBe(Due);
        Tasks.File(Tasks.Fold(Due - 2.Hours(), Assigned(), TaskClaimed(), TaskCompleted(), Accepted())).LateSince.ShouldBe(Due, "due at the very instant is late");
        Tasks.File(Tasks.Fold(Due - 3.Hours(), Assigned(), TaskClaimed(), TaskCompleted(), Accepted())).LateSince.ShouldBeNull();
    }

    [Fact]
    public void While_the_publisher_decides_or_checks_no_limit_runs()
    {
        Tasks.File(GridTask.Fold([Tasks.Fact(Assigned(), T0), Tasks.Fact(TaskReturned(), T0), Tasks.Fact(Resent(due: Due + 9.Days()), Due + 1.Days())])).LateSince.ShouldBeNull();
        Tasks.File(GridTask.Fold([Tasks.Fact(Assigned(), T0), Tasks.Fact(TaskClaimed(), T0), Tasks.Fact(TaskCompleted(), T0), Tasks.Fact(Accepted(), Due + 1.Days())])).LateSince.ShouldBeNull();
    }

    [Fact]
    public void A_target_that_sat_on_a_task_until_it_was_late_keeps_that_when_it_goes_elsewhere()
    {
        var moved = Tasks.File(GridTask.Fold([Tasks.Fact(Assigned(), T0), Tasks.Fact(TaskReturned(), Due + 1.Hours()), Tasks.Fact(Resent(target: Town.OtherGrid, due: Due + 9.Days()), Due + 2.Hours())]));

        moved.Past.ShouldHaveSingleItem().ShouldBe(new PastTarget(Town.Grid, true, 1, 0));
        (moved.Target, moved.LateSince, moved.Returns).ShouldBe((Town.OtherGrid, null, 0));
    }

    [Fact]
    public void Withdrawing_a_list_leaves_alone_what_is_finished()
    {
        Tasks.Given(Assigned(), TaskClaimed(), TaskCompleted(), Accepted()).When(Cancel(withList: true)).ThenNothing();
        Tasks.Given(Assigned(), TaskClaimed(), TaskCompleted()).When(Cancel(withList: true)).Then(Cancelled(withList: true));
        Tasks.Given(Assigned(), TaskClaimed(), TaskCompleted()).When(Cancel()).ThenRefused("task.completed").Possible.ShouldBe(["check"]);
    }

    [Fact]
    public void The_row_of_lists_folds_to_the_same_task_and_an_event_twice_changes_nothing()
    {
        foreach (var (name, events) in TaskLives.States.Where(life => life.Events.Length > 0))
        {
            TaskSummary? row = null;
            for (var version = 1; version <= events.Length; version++)
            {
                var fact = Tasks.Fact(events[version - 1], T0 + (version - 1).Hours());
                row = TaskSummary.Apply(row, TaskId, version, 40 + version, fact);
                row = TaskSummary.Apply(Json.Read<TaskSummary>(Json.Of(row)), TaskId, version, 99, fact);
            }

            Json.Of((object)row!.File).ShouldBe(Json.Of((object)Tasks.File(Tasks.Fold(events))), name);
            (row.Stage, row.Position).ShouldBe((Tasks.Fold(events).Stage!.Value, 41), name);
        }

        Should.Throw<InvalidOperationException>(() => TaskSummary.Apply(null, TaskId, 2, 1, Tasks.Fact(TaskClaimed(), T0))).Message.ShouldContain("missing");
    }

    internal static string Outcome<TEvent>(Decision<TEvent> decision) => decision switch
    {
        Decision<TEvent>.Emit emit => string.Join(", ", emit.Events.Select(happened => $"**{DomainEvents.All.Single(name => name.Type == happened!.GetType()).Alias}**")),
        Decision<TEvent>.Refuse { Refusal: { Lines: { Count: > 0 } lines, Code: var code } } => $"{code}: {string.Join(", ", lines.Select(line => line.Code).Distinct())}",
        Decision<TEvent>.Refuse refuse => refuse.Refusal.Code,
        _ => "*nothing*",
    };
}
