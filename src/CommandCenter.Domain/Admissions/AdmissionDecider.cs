using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Admissions;

/// <summary>What may happen to a town's admission lists: every state of an addition × every command, decided on purpose.</summary>
public static class AdmissionDecider
{
    /// <summary>
    /// The longest that an urgent addition may hold. Local grid laws ask for an approval and an end date (features.md, GB/T 34300); what is needed for longer belongs on the list.
    /// </summary>
    public static readonly TimeSpan LongestAddition = TimeSpan.FromDays(90);

    public static Decision<AdmissionEvent> Decide(AdmissionCommand command, Admission state, By by) => command switch
    {
        AdoptAdmissionList c when !by.Place.Contains(c.Area) => Refuse("admission.area_outside"),
        AdoptAdmissionList c when c.Level == AreaLevel.District || c.Level < c.Area.Level => Refuse("admission.level_above"),
        AdoptAdmissionList c when Stands(c, state) => Nothing,
        AdoptAdmissionList c => Emit(new AdmissionListAdopted(c.Area, c.Level, c.Matters, c.Note)),

        RequestAddition c when !by.Place.Contains(c.Area) => Refuse("admission.area_outside"),
        RequestAddition c when c.Until <= c.At => Refuse("admission.until_passed"),
        RequestAddition c when c.Until - c.At > LongestAddition => Refuse("admission.until_too_far"),
        RequestAddition c => Emit(new AdmissionAdditionRequested(state.Additions.Count + 1, c.Area, c.Matter, c.Reason, c.Until)),

        ApproveAddition c => state.Find(c.Number) switch
        {
            null => Refuse("admission.addition_unknown"),
            { Stage: AdditionStage.Approved } => Nothing,
            { Stage: AdditionStage.Rejected } => Refuse("admission.addition_rejected"),
            { Stage: AdditionStage.Ended } => Refuse("admission.addition_ended"),
            { RequestedBy.Actor: var asker } when by.Is(asker) => Refuse("admission.own_request"),
            { Area: var area } when !by.Place.Contains(area) => Refuse("admission.area_outside"),
            { Until: var until } when until <= c.At => Refuse("admission.until_passed"),
            _ => Emit(new AdmissionAdditionApproved(c.Number, c.Note)),
        },

        RejectAddition c => state.Find(c.Number) switch
        {
            null => Refuse("admission.addition_unknown"),
            { Stage: AdditionStage.Approved } => Refuse("admission.addition_approved"),
            { Stage: AdditionStage.Rejected } => Nothing,
            { Stage: AdditionStage.Ended } => Refuse("admission.addition_ended"),
            { Area: var area } when !by.Place.Contains(area) => Refuse("admission.area_outside"),
            _ => Emit(new AdmissionAdditionRejected(c.Number, c.Reason)),
        },

        EndAddition c => state.Find(c.Number) switch
        {
            null => Refuse("admission.addition_unknown"),
            { Stage: AdditionStage.Requested } => Refuse("admission.addition_requested"),
            { Stage: AdditionStage.Rejected } => Refuse("admission.addition_rejected"),
            { Stage: AdditionStage.Ended } => Nothing,
            { Area: var area } when !by.Place.Contains(area) => Refuse("admission.area_outside"),
            _ => Emit(new AdmissionAdditionEnded(c.Number, c.Reason)),
        },

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided."),
    };

    /// <summary>What may be done with an addition at an instant, in the order of its life.</summary>
    public static IReadOnlyList<string> Possible(Addition addition, DateTimeOffset at) => addition.Stage switch
    {
        AdditionStage.Requested when at < addition.Until => ["approve", "reject"],
        AdditionStage.Requested => ["reject"],
        AdditionStage.Approved when at < addition.Until => ["end"],
        _ => [],
    };

    // Adopted again word for word: a second press of the button.
    private static bool Stands(AdoptAdmissionList c, Admission state) =>
        c.Note is null && state.Lists.Find(list => list.Area == c.Area && list.Level == c.Level) is { } list && list.Matters.SetEquals(c.Matters);

    private static Decision<AdmissionEvent>.Emit Emit(AdmissionEvent happened) => new([happened]);

    private static Decision<AdmissionEvent>.Refuse Refuse(string code) => new(AdmissionRefusals.Of(code));

    private static Decision<AdmissionEvent> Nothing { get; } = new Decision<AdmissionEvent>.Nothing();
}
