using CommandCenter.Domain.Cases;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>One life for every state that decisions tell apart, and one command for every way to give it.</summary>
public static class CaseLives
{
    public static IReadOnlyList<(string State, CaseEvent[] Events)> States { get; } =
    [
        ("Unreported", []),
        ("Reported 待受理", [Reported()]),
        ("Filed 待派遣", [Reported(), Filed()]),
        ("Dispatched 待签收", [Reported(), Filed(), Dispatched()]),
        ("Handling 处置中", [Reported(), Filed(), Dispatched(), Claimed()]),
        ("Handling after rework", [Reported(), Filed(), Dispatched(), Claimed(), Completed(), ReworkOrdered()]),
        ("Filed after return", [Reported(), Filed(), Dispatched(), Claimed(), Returned()]),
        ("Completed 待核实", [Reported(), Filed(), Dispatched(), Claimed(), Completed()]),
        ("Verified 待评价", [Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified()]),
        ("Rated 待结案: fixed", [Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated()]),
        ("Rated 待结案: half fixed", [Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated(FixResult.HalfFixed)]),
        ("Rated: not fixed", [Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated(FixResult.NotFixed)]),
        ("Dispatched again after not fixed", [Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Rated(FixResult.NotFixed), Dispatched(2)]),
        ("Closed 已结案", [Reported(), Filed(), Dispatched(), Claimed(), Completed(), Verified(), Closed()]),
        ("Refused 不予立案", [Reported(), Refused()]),
    ];

    public static IReadOnlyList<(string Way, CaseCommand Command, By By)> Commands { get; } =
    [
        ("report", Report(), Town.GridWorker),
        ("file", File(), Town.Operator),
        ("refuse", Refuse(), Town.Operator),
        ("dispatch", Dispatch(), Town.Dispatcher),
        ("claim", Claim(), Town.Handler),
        ("claim, by a colleague", Claim(), Town.Colleague),
        ("return", Return(), Town.Handler),
        ("return, by a colleague", Return(), Town.Colleague),
        ("recall", Recall(), Town.Dispatcher),
        ("complete", Complete(), Town.Handler),
        ("complete, by a colleague", Complete(), Town.Colleague),
        ("verify: passed", Pass(), Town.GridWorker),
        ("verify: failed", Fail(), Town.GridWorker),
        ("verify: failed, no reason", new VerifyCase(false, null, []), Town.GridWorker),
        ("rate", Rate(), Town.Operator),
        ("rate: 6 of 5", new RateCase(6, FixResult.Fixed, null), Town.Operator),
        ("close", Close(), Town.Dispatcher),
    ];
}
