namespace CommandCenter.Domain.Cases;

/// <summary>Something that somebody wants of a case.</summary>
public abstract record CaseCommand
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/cases/{id}/{name}</c>.</summary>
    public abstract string Name { get; }
}

public sealed record ReportCase(CaseReported Report) : CaseCommand
{
    public override string Name => "report";
}

/// <param name="Category">A code of the catalogue.</param>
/// <param name="Sector">The category's sector, looked up by the caller.</param>
public sealed record FileCase(string Category, Organization.Sector Sector, Urgency Urgency, MarkedText? Note) : CaseCommand
{
    public override string Name => "file";
}

public sealed record RefuseCase(RefusalReason Reason, MarkedText Note) : CaseCommand
{
    public override string Name => "refuse";
}

/// <param name="Post">A post of the case's town, looked up by the caller together with its sector.</param>
public sealed record DispatchCase(Organization.Sector Sector, string Post, MarkedText? Instructions) : CaseCommand
{
    public override string Name => "dispatch";
}

public sealed record ClaimCase : CaseCommand
{
    public override string Name => "claim";
}

public sealed record ReturnCase(MarkedText Reason) : CaseCommand
{
    public override string Name => "return";
}

public sealed record RecallCase(MarkedText Reason) : CaseCommand
{
    public override string Name => "recall";
}

public sealed record CompleteCase(MarkedText Outcome, IReadOnlyList<string> Photos) : CaseCommand
{
    public override string Name => "complete";
}

/// <param name="Passed">False orders rework; then the note is the reason and required.</param>
public sealed record VerifyCase(bool Passed, MarkedText? Note, IReadOnlyList<string> Photos) : CaseCommand
{
    public override string Name => "verify";
}

public sealed record RateCase(int Satisfaction, FixResult Result, MarkedText? Comment) : CaseCommand
{
    public override string Name => "rate";
}

public sealed record CloseCase(MarkedText? Summary) : CaseCommand
{
    public override string Name => "close";
}
