using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Simulation;

/// <summary>What is out of the ordinary in a case's life; drawn when it is reported.</summary>
[Flags]
public enum CaseFate
{
    None = 0,
    Refused = 1,
    Redirected = 1 << 1,
    Merged = 1 << 2,
    SentToVillage = 1 << 3,
    Checked = 1 << 4,
    FiledLate = 1 << 5,
    Returned = 1 << 6,
    Suspended = 1 << 7,
    Extended = 1 << 8,
    HandledLate = 1 << 9,

    /// <summary>So late that it is listed for supervision.</summary>
    HandledVeryLate = 1 << 10,
    Reworked = 1 << 11,
    NotFixed = 1 << 12,
    NotRated = 1 << 13,
    Reopened = 1 << 14,
    Appealed = 1 << 15,
    Urged = 1 << 16,
    Supervised = 1 << 17,
    Progressed = 1 << 18,
}

/// <summary>What was done in a case's life already that is done once.</summary>
[Flags]
public enum CaseDone
{
    None = 0,
    SentToVillage = 1,
    Checked = 1 << 1,
    Returned = 1 << 2,
    AskedSuspension = 1 << 3,
    Suspended = 1 << 4,
    Resumed = 1 << 5,
    AskedExtension = 1 << 6,
    ExtensionSeconded = 1 << 7,
    Extended = 1 << 8,
    Progressed = 1 << 9,
    Urged = 1 << 10,
    Supervised = 1 << 11,
    Answered = 1 << 12,
    Reworked = 1 << 13,
    FoundNotFixed = 1 << 14,
    Reopened = 1 << 15,
    Appealed = 1 << 16,
    Reviewed = 1 << 17,
    ReviewedAgain = 1 << 18,
    Merged = 1 << 19,
    Heard = 1 << 20,
}

/// <summary>A case as the simulation leads it.</summary>
/// <param name="Number">Of the run; with its seed the source of all its chance.</param>
/// <param name="Steps">How many were tried.</param>
public sealed record SimulatedCase(long Number, CaseFate Fate, int Steps = 0, CaseDone Done = CaseDone.None)
{
    public bool Is(CaseFate fate) => (Fate & fate) != 0;

    public bool Did(CaseDone done) => (Done & done) != 0;

    /// <summary>The life after a step; what was not allowed is not tried again.</summary>
    public SimulatedCase After(SimulatedStep step) => this with
    {
        Steps = Steps + 1,
        // What is taken up again rings again.
        Done = (step.Does == CaseDone.Reopened ? Done & ~CaseDone.Heard : Done) | step.Does,
    };
}

/// <summary>What somebody does with a case, and when. Which members are needed follows from the command.</summary>
/// <param name="Command">As in the API: <c>report</c>, <c>file</c>, …</param>
/// <param name="Does">What of it is done once.</param>
/// <param name="Other">Of a merger: the id of the case that goes on.</param>
/// <param name="Amount">Of an extension.</param>
/// <param name="Yes">Of a verification whether it passed, of a review whether the appeal is upheld.</param>
/// <param name="Photo">Whether a picture belongs to it.</param>
public sealed record SimulatedStep(
    DateTimeOffset At,
    string Actor,
    string Command,
    string Text = "",
    CaseDone Does = CaseDone.None,
    string? Category = null,
    Urgency? Urgency = null,
    AreaCode? Area = null,
    Unit? Unit = null,
    MatterLevel? Level = null,
    CaseSource? Source = null,
    string? Other = null,
    int? Amount = null,
    DateTimeOffset? Until = null,
    SuspensionReason? Reason = null,
    RefusalReason? Refusal = null,
    int? Satisfaction = null,
    FixResult? Result = null,
    bool Yes = true,
    bool Photo = false);
