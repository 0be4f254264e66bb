namespace CommandCenter.Domain.Cases;

/// <summary>What may happen to a case: every state × every command, decided on purpose.</summary>
public static class CaseDecider
{
    public static Decision<CaseEvent> Decide(CaseCommand command, Case state, By by) => (command, state) switch
    {
        (ReportCase c, Case.Unreported) => Emit(c.Report),
        (ReportCase, _) => Refuse("case.exists", state),
        (_, Case.Unreported) => Refuse("case.unknown", state),

        (RefuseCase, Case.Refused) => Nothing,
        (_, Case.Refused) => Refuse("case.refused", state),
        (CloseCase, Case.Closed) => Nothing,
        (_, Case.Closed) => Refuse("case.closed", state),

        (FileCase c, Case.Reported) => Emit(new CaseFiled(c.Category, c.Sector, c.Urgency, c.Note)),
        (FileCase, _) => Refuse("case.already_filed", state),
        (RefuseCase c, Case.Reported) => Emit(new CaseRefused(c.Reason, c.Note)),
        (RefuseCase, _) => Refuse("case.already_filed", state),

        (DispatchCase, Case.Reported) => Refuse("case.not_filed", state),
        (DispatchCase c, Case.Filed s) => Emit(new CaseDispatched(s.File.Dispatches + 1, c.Sector, c.Post, c.Instructions)),
        (DispatchCase c, Case.Rated { File.Rating.Result: FixResult.NotFixed } s) => Emit(new CaseDispatched(s.File.Dispatches + 1, c.Sector, c.Post, c.Instructions)),
        (DispatchCase, _) => Refuse("case.already_dispatched", state),

        (ClaimCase, Case.Reported or Case.Filed) => Refuse("case.not_dispatched", state),
        (ClaimCase, Case.Dispatched s) => Emit(new CaseClaimed(s.File.Assignment!.Post)),
        (ClaimCase, Case.Handling { File.Assignment.ClaimedBy: var claimer }) => claimer == by.Actor ? Nothing : Refuse("case.claimed_by_another", state),
        (ClaimCase, _) => Refuse("case.already_completed", state),

        (ReturnCase, Case.Reported or Case.Filed) => Refuse("case.not_dispatched", state),
        (ReturnCase c, Case.Dispatched { File.Assignment.Post: var post }) => Emit(new CaseReturned(post, c.Reason)),
        (ReturnCase c, Case.Handling { File.Assignment.Post: var post } s) => MayTouch(s, by) ? Emit(new CaseReturned(post, c.Reason)) : Refuse("case.claimed_by_another", state),
        (ReturnCase, _) => Refuse("case.already_completed", state),

        (RecallCase, Case.Reported or Case.Filed) => Refuse("case.not_dispatched", state),
        (RecallCase c, Case.Dispatched or Case.Handling) => Emit(new CaseRecalled(((Case.Known)state).File.Assignment!.Post, c.Reason)),
        (RecallCase, _) => Refuse("case.already_completed", state),

        (CompleteCase, Case.Reported or Case.Filed) => Refuse("case.not_dispatched", state),
        (CompleteCase, Case.Dispatched) => Refuse("case.not_claimed", state),
        (CompleteCase c, Case.Handling s) => MayTouch(s, by) ? Emit(new CaseCompleted(c.Outcome, c.Photos)) : Refuse("case.claimed_by_another", state),
        (CompleteCase, Case.Completed { File.CompletedBy: var completer }) when completer == by.Actor => Nothing,
        (CompleteCase, _) => Refuse("case.already_completed", state),

        (VerifyCase, Case.Reported or Case.Filed or Case.Dispatched or Case.Handling) => Refuse("case.not_completed", state),
        (VerifyCase { Passed: true } c, Case.Completed) => Emit(new CaseVerified(c.Photos, c.Note)),
        (VerifyCase { Passed: false, Note: null }, Case.Completed) => Refuse("case.rework.reason_missing", state),
        (VerifyCase { Passed: false, Note: { } reason } c, Case.Completed s) => Emit(new CaseReworkOrdered(s.File.Dispatches, reason, c.Photos)),
        (VerifyCase, _) => Refuse("case.already_verified", state),

        (RateCase { Satisfaction: < 1 or > 5 }, _) => Refuse("case.rating.out_of_range", state),
        (RateCase c, Case.Verified) => Emit(new CaseRated(c.Satisfaction, c.Result, c.Comment)),
        (RateCase, Case.Rated) => Refuse("case.already_rated", state),
        (RateCase, _) => Refuse("case.not_verified", state),

        (CloseCase c, Case.Verified) => Emit(new CaseClosed(c.Summary)),
        (CloseCase, Case.Rated { File.Rating.Result: FixResult.NotFixed }) => Refuse("case.close.not_fixed", state),
        (CloseCase c, Case.Rated) => Emit(new CaseClosed(c.Summary)),
        (CloseCase, Case.Reported) => Refuse("case.not_filed", state),
        (CloseCase, Case.Filed) => Refuse("case.not_dispatched", state),
        (CloseCase, Case.Dispatched or Case.Handling) => Refuse("case.not_completed", state),
        (CloseCase, _) => Refuse("case.not_verified", state),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided in {state.GetType().Name}."),
    };

    /// <summary>The commands that a state accepts, in the order of the loop, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(Case state) => state switch
    {
        Case.Unreported => ["report"],
        Case.Reported => ["file", "refuse"],
        Case.Filed => ["dispatch"],
        Case.Dispatched => ["claim", "return", "recall"],
        Case.Handling => ["complete", "return", "recall"],
        Case.Completed => ["verify"],
        Case.Verified => ["rate", "close"],
        Case.Rated { File.Rating.Result: FixResult.NotFixed } => ["dispatch"],
        Case.Rated => ["close"],
        _ => [],
    };

    // Whoever claimed a case answers for it; a colleague of the post does not act over that person's head.
    private static bool MayTouch(Case.Handling state, By by) => state.File.Assignment!.ClaimedBy == by.Actor;

    private static Decision<CaseEvent>.Emit Emit(params CaseEvent[] events) => new(events);

    private static Decision<CaseEvent>.Refuse Refuse(string code, Case state) => new(CaseRefusals.Of(code, state));

    private static Decision<CaseEvent> Nothing { get; } = new Decision<CaseEvent>.Nothing();
}
