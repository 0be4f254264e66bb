using System.Text;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class CaseDeciderTests
{
    [Fact]
    public void Every_command_has_one_outcome_in_every_state()
    {
        var page = new StringBuilder("# What may happen to a case\n\nEvery state × every command: the events, *nothing* for a repeat, or the code of the refusal.\n");
        foreach (var (name, events) in CaseLives.States)
        {
            var state = Cases.Fold(events);
            page.Append($"\n## {name}\n\nPossible: {(CaseDecider.Possible(state) is { Count: > 0 } possible ? string.Join(", ", possible) : "nothing more")}.\n\n| command | outcome |\n|---|---|\n");
            foreach (var (way, command, by) in CaseLives.Commands)
                page.Append($"| {way} | {Outcome(CaseDecider.Decide(command, state, by))} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void Every_refusal_tells_in_both_languages_and_shows_what_is_possible_instead()
    {
        foreach (var (code, words) in CaseRefusals.All)
        {
            words.Zh.ShouldContain(letter => letter >= '\u4e00' && letter <= '\u9fff', code);
            words.En.ShouldNotBeNullOrWhiteSpace(code);
            words.En.ShouldAllBe(letter => letter < 128, code);
        }

        Cases.Given(Reported()).When(Dispatch()).ThenRefused("case.not_filed").Possible.ShouldContain("file");
    }

    [Fact]
    public void Every_refusal_code_is_reachable_and_no_other_is_given()
    {
        var given = from state in CaseLives.States
                    from command in CaseLives.Commands
                    let decision = CaseDecider.Decide(command.Command, Cases.Fold(state.Events), command.By)
                    where decision is Decision<CaseEvent>.Refuse
                    select ((Decision<CaseEvent>.Refuse)decision).Refusal.Code;

        given.Distinct().Order(StringComparer.Ordinal).ShouldBe(CaseRefusals.All.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_called_possible_is_exactly_what_can_happen()
    {
        foreach (var (name, events) in CaseLives.States)
        {
            var state = Cases.Fold(events);
            var happens = CaseLives.Commands
                .Where(way => CaseDecider.Decide(way.Command, state, way.By) is Decision<CaseEvent>.Emit)
                .Select(way => way.Command.Name)
                // Parts of merge, unmerge and split, which nobody gives by themselves.
                .Where(command => command is not ("absorb" or "release" or "split-off" or "drop-link"))
                .Distinct()
                .Order(StringComparer.Ordinal);

            CaseDecider.Possible(state).Order(StringComparer.Ordinal).ShouldBe(happens, name);
        }
    }

    [Fact]
    public void What_is_decided_can_be_folded_in_every_state()
    {
        foreach (var (name, events) in CaseLives.States)
        {
            var state = Cases.Fold(events);
            foreach (var (way, command, by) in CaseLives.Commands)
            {
                if (CaseDecider.Decide(command, state, by) is Decision<CaseEvent>.Emit emitted)
                {
                    Should.NotThrow(
                        () => emitted.Events.Aggregate(state, (folded, happened) => folded.Apply(new Fact<CaseEvent>(happened, by, T0, T0))),
                        $"{way} in {name}");
                }
            }
        }
    }

    [Fact]
    public void A_report_makes_a_case() =>
        Cases.Given().When(Report(Urgency.Urgent)).Then(Reported(Urgency.Urgent));

    [Fact]
    public void Filing_takes_the_category_sector_and_urgency_as_the_center_sees_them() =>
        Cases.Given(Reported())
            .When(new FileCase("river-pollution", Sector.Livelihood, Urgency.Emergency, Words("上游")))
            .Then(new CaseFiled("river-pollution", Sector.Livelihood, Urgency.Emergency, Words("上游")));

    [Fact]
    public void A_dispatch_after_a_return_is_the_next_round() =>
        Cases.Given(Reported(), Filed(), Dispatched(), Returned()).When(Dispatch() with { Unit = Town.RiverUnit }).Then(Dispatched(round: 2) with { Unit = Town.RiverUnit });

    [Fact]
    public void A_case_at_a_vacant_post_or_with_a_person_who_has_gone_is_taken_back_and_sent_elsewhere()
    {
        Cases.Given(Reported(), Filed(), Dispatched()).When(Recall(), Town.Dispatcher).Then(Recalled());
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed()).When(Recall(), Town.Dispatcher).Then(Recalled());
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed(), Recalled()).When(Dispatch()).Then(Dispatched(round: 2));
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed(), Completed()).When(Recall(), Town.Dispatcher).ThenRefused("case.already_completed");
    }

    [Fact]
    public void A_dispatch_after_a_result_that_is_not_fixed_is_the_next_round() =>
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated(FixResult.NotFixed)).When(Dispatch()).Then(Dispatched(round: 2));

    [Fact]
    public void A_result_that_is_not_fixed_cannot_be_closed_but_dispatched_again() =>
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated(FixResult.NotFixed))
            .When(Close()).ThenRefused("case.close.not_fixed").Possible.ShouldBe(["dispatch", "split", "request-transfer", "transfer", "raise-level", "lower-level", "urge", "supervise", "link", "give-feedback"]);

    [Fact]
    public void A_new_round_is_rated_for_itself() =>
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated(FixResult.NotFixed), Dispatched(2), Claimed(), Completed(), Verified())
            .When(Rate()).Then(Rated());

    [Fact]
    public void A_failed_verification_goes_back_to_the_person_who_claimed_it() =>
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed(), Completed(), ReworkOrdered()).When(Complete(), Town.Colleague).ThenRefused("case.claimed_by_another");

    [Fact]
    public void A_repeated_claim_by_the_same_person_is_no_error() =>
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed()).When(Claim()).ThenNothing();

    [Fact]
    public void A_claim_is_a_repeat_only_for_the_person_who_speaks() =>
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed()).When(Claim(), Town.Colleague).ThenRefused("case.claimed_by_another");

    [Fact]
    public void A_repeated_close_is_no_error() =>
        Cases.Given(Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Closed()).When(Close()).ThenNothing();

    private static string Outcome(Decision<CaseEvent> decision) => decision switch
    {
        Decision<CaseEvent>.Emit emit => string.Join(", ", emit.Events.Select(happened => $"**{DomainEvents.All.Single(name => name.Type == happened.GetType()).Alias}**")),
        Decision<CaseEvent>.Refuse refuse => refuse.Refusal.Code,
        _ => "*nothing*",
    };
}
