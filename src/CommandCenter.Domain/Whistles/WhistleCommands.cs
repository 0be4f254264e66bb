using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Whistles;

/// <summary>Something that somebody wants of a whistle.</summary>
public abstract record WhistleCommand : Attaching
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/whistles/{id}/{name}</c> or <c>POST /api/whistles/{id}/calls/{call}/{name}</c>.</summary>
    public abstract string Name { get; }
}

/// <summary>Something that somebody wants of one call of a whistle.</summary>
/// <param name="Call">Its number.</param>
public abstract record WhistleCallCommand(int Call) : WhistleCommand;

public sealed record BlowWhistle(WhistleBlown Blown) : WhistleCommand
{
    public override string Name => "blow";
}

public sealed record CallUnits(IReadOnlyList<Unit> Units, MarkedText? Note) : WhistleCommand
{
    public override string Name => "call";
}

public sealed record WithdrawWhistle(MarkedText Reason) : WhistleCommand
{
    public override string Name => "withdraw";
}

/// <param name="To">Null: the unit that was called.</param>
public sealed record RouteCall(int Call, Unit? To, MarkedText? Note) : WhistleCallCommand(Call)
{
    public override string Name => "route";
}

public sealed record DeclineCall(int Call, MarkedText Reason, Unit? Proposed) : WhistleCallCommand(Call)
{
    public override string Name => "decline";
}

/// <param name="DistanceMetres">From the border of the whistle's area, measured by the caller.</param>
public sealed record ArriveAtCall(int Call, ReportedPoint Point, int? DistanceMetres) : WhistleCallCommand(Call)
{
    public override string Name => "arrive";
}

public sealed record AdviseOnCall(int Call, MarkedText Opinion) : WhistleCallCommand(Call)
{
    public override string Name => "advise";
}

public sealed record ResolveCall(int Call, MarkedText Outcome, IReadOnlyList<string> Photos) : WhistleCallCommand(Call)
{
    public override string Name => "resolve";
}

/// <param name="Satisfaction">1–5.</param>
/// <param name="Comment">Required where it is not fixed.</param>
public sealed record RateCall(int Call, int Satisfaction, FixResult Result, MarkedText? Comment) : WhistleCallCommand(Call)
{
    public override string Name => "rate";
}

public sealed record DropCall(int Call, MarkedText Reason) : WhistleCallCommand(Call)
{
    public override string Name => "drop";
}
