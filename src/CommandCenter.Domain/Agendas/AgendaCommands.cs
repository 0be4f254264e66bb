using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Agendas;

/// <summary>Something that somebody wants of a committee's list.</summary>
public abstract record AgendaCommand : Attaching
{
    /// <summary>The command's frozen name in kebab-case, as in <c>POST /api/agendas/{town}/{name}</c>.</summary>
    public abstract string Name { get; }
}

/// <param name="Found">The open cases that the rules found, looked up by the caller; those that are on the list already are left out here.</param>
/// <param name="Standings">How the cases of the open items stand, by the items' numbers, looked up by the caller.</param>
/// <param name="At">When the host received it.</param>
public sealed record PrepareAgendaMeeting(
    DateTimeOffset StartsAt, IReadOnlyList<AgendaEntry> Found, IReadOnlyList<LineStanding> Standings, string Policy, AgendaRules Rules, DateTimeOffset At) : AgendaCommand
{
    public override string Name => "prepare";
}

public sealed record CancelAgendaMeeting(MarkedText Reason) : AgendaCommand
{
    public override string Name => "cancel";
}

/// <param name="InTown">Whether the case lies in the town, looked up by the caller.</param>
/// <param name="IsOpen">Whether somebody still has to act on it.</param>
public sealed record AddAgendaItem(string Case, bool InTown, bool IsOpen, MarkedText Reason) : AgendaCommand
{
    public override string Name => "add";
}

/// <param name="Role">The seat for which the person is named, looked up by the caller.</param>
/// <param name="At">When the host received it: the day lies after it.</param>
public sealed record NameAgendaLead(int Item, string Person, Role Role, DateTimeOffset Until, MarkedText? Task, DateTimeOffset At) : AgendaCommand
{
    public override string Name => "name-lead";
}

public sealed record StrikeAgendaItem(int Item, MarkedText Reason) : AgendaCommand
{
    public override string Name => "strike";
}

public sealed record ReportAgendaProgress(int Item, MarkedText Report) : AgendaCommand
{
    public override string Name => "report";
}

/// <param name="Standings">As for <see cref="PrepareAgendaMeeting"/>.</param>
public sealed record ConcludeAgendaMeeting(IReadOnlyList<LineStanding> Standings, MarkedText? Minutes, DateTimeOffset At) : AgendaCommand
{
    public override string Name => "conclude";
}

/// <param name="Score">1–5.</param>
/// <param name="Standings">As for <see cref="PrepareAgendaMeeting"/>.</param>
public sealed record AppraiseAgendaItem(int Item, int Score, MarkedText Appraisal, IReadOnlyList<LineStanding> Standings) : AgendaCommand
{
    public override string Name => "appraise";
}
