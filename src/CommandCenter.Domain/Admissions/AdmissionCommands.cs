using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Admissions;

/// <summary>Something that somebody wants of a town's admission lists.</summary>
public abstract record AdmissionCommand
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/admissions/{area}/{name}</c>.</summary>
    public abstract string Name { get; }
}

public sealed record AdoptAdmissionList(AreaCode Area, AreaLevel Level, IReadOnlyList<string> Matters, MarkedText? Note) : AdmissionCommand
{
    public override string Name => "adopt";
}

/// <param name="At">When the host received it.</param>
public sealed record RequestAddition(AreaCode Area, string Matter, MarkedText Reason, DateTimeOffset Until, DateTimeOffset At) : AdmissionCommand
{
    public override string Name => "request";
}

public sealed record ApproveAddition(int Number, MarkedText? Note, DateTimeOffset At) : AdmissionCommand
{
    public override string Name => "approve";
}

public sealed record RejectAddition(int Number, MarkedText Reason) : AdmissionCommand
{
    public override string Name => "reject";
}

public sealed record EndAddition(int Number, MarkedText Reason) : AdmissionCommand
{
    public override string Name => "end";
}
