using CommandCenter.Domain.Cases;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>Given what happened to a case, when somebody commands, then this happens or is refused.</summary>
public sealed class Cases
{
    private readonly Case _state;
    private Decision<CaseEvent>? _decision;

    private Cases(Case state) => _state = state;

    public static Cases Given(params CaseEvent[] events) => new(Fold(events));

    /// <summary>The state after events that each had their usual doer.</summary>
    public static Case Fold(params CaseEvent[] events) =>
        Case.Fold(events.Select((happened, index) => Fact(happened, Sample.T0 + index.Hours())));

    public static Fact<CaseEvent> Fact(CaseEvent happened, DateTimeOffset at) => new(happened, Sample.Doer(happened), at, at);

    public Cases When(CaseCommand command, By? by = null)
    {
        _decision = CaseDecider.Decide(command, _state, by ?? Sample.Doer(command.Name));
        return this;
    }

    public void Then(params CaseEvent[] events) =>
        Decided<Decision<CaseEvent>.Emit>().Events.Select(Json.Named).ShouldBe(events.Select(Json.Named));

    public Refusal ThenRefused(string code)
    {
        var refusal = Decided<Decision<CaseEvent>.Refuse>().Refusal;
        refusal.Code.ShouldBe(code);
        return refusal;
    }

    public void ThenNothing() => Decided<Decision<CaseEvent>.Nothing>();

    private T Decided<T>()
        where T : Decision<CaseEvent> => _decision.ShouldNotBeNull("Say When before Then.").ShouldBeOfType<T>();
}
