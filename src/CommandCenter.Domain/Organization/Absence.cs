namespace CommandCenter.Domain.Organization;

/// <summary>Somebody who is absent for some days, with who acts for them meanwhile.</summary>
/// <param name="From">The first day, in the district's time zone.</param>
/// <param name="To">The last day.</param>
public sealed record Absence(int Number, string Person, DateOnly From, DateOnly To, string Substitute)
{
    /// <summary>Whether it holds on a day.</summary>
    public bool HoldsOn(DateOnly day) => From <= day && day <= To;

    public bool Overlaps(DateOnly from, DateOnly to) => From <= to && from <= To;
}

/// <summary>Something that somebody wants of the absences.</summary>
public abstract record AbsenceCommand
{
    /// <summary>The command's frozen name in kebab-case.</summary>
    public abstract string Name { get; }
}

/// <param name="Today">In the district's time zone, when the host received it.</param>
public sealed record RecordAbsence(string Person, DateOnly From, DateOnly To, string Substitute, DateOnly Today) : AbsenceCommand
{
    public override string Name => "record";
}

/// <param name="LastDay">Null: as early as it can end, which is yesterday, or before it began.</param>
/// <param name="Today">In the district's time zone, when the host received it.</param>
public sealed record EndAbsence(int Number, DateOnly? LastDay, DateOnly Today) : AbsenceCommand
{
    public override string Name => "end";
}

/// <summary>What may happen to absences, decided on the organization of all days.</summary>
public static class AbsenceDecider
{
    /// <summary>The longest absence; who is away for longer gives up the seat for the time.</summary>
    public const int MostDays = 366;

    public static Decision<OrganizationEvent> Decide(AbsenceCommand command, OrganizationHistory state, By by) => command switch
    {
        RecordAbsence c when state.On(c.Today).FindPerson(c.Person) is null || state.On(c.Today).FindPerson(c.Substitute) is not { Roles.Count: > 0 } => Refuse("absence.person_unknown"),
        RecordAbsence c when c.Person == c.Substitute => Refuse("absence.own_substitute"),
        // Whoever enters it for somebody else would give themselves that seat.
        RecordAbsence c when !by.Is(c.Person) && by.Is(c.Substitute) => Refuse("absence.self_named"),
        RecordAbsence c when c.To < c.From => Refuse("absence.reversed"),
        RecordAbsence c when c.From < c.Today => Refuse("absence.past"),
        RecordAbsence c when c.To.DayNumber - c.From.DayNumber >= MostDays => Refuse("absence.too_long"),
        RecordAbsence c when Any(state, c, absence => absence.Person == c.Person) => Refuse("absence.overlap"),
        RecordAbsence c when Any(state, c, absence => absence.Person == c.Substitute) => Refuse("absence.substitute_absent"),
        // No chains: a substitute's substitute would act for somebody whom they were never named for.
        RecordAbsence c when Any(state, c, absence => absence.Substitute == c.Person) => Refuse("absence.is_substitute"),
        RecordAbsence c => new Decision<OrganizationEvent>.Emit([new AbsenceRecorded(state.LastAbsence + 1, c.Person, c.From, c.To, c.Substitute)]),

        EndAbsence c when !state.Absences.ContainsKey(c.Number) => Refuse("absence.unknown"),
        EndAbsence c when state.Absences[c.Number].To < c.Today => Refuse("absence.over"),
        EndAbsence c when c.LastDay > state.Absences[c.Number].To => Refuse("absence.longer"),
        EndAbsence c when c.LastDay < c.Today.AddDays(-1) => Refuse("absence.past"),
        EndAbsence c when c.LastDay == state.Absences[c.Number].To => new Decision<OrganizationEvent>.Nothing(),
        EndAbsence c => new Decision<OrganizationEvent>.Emit([new AbsenceEnded(c.Number, c.LastDay ?? c.Today.AddDays(-1))]),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided."),
    };

    private static bool Any(OrganizationHistory state, RecordAbsence c, Func<Absence, bool> which) => state.Absences.Values.Any(absence => absence.Overlaps(c.From, c.To) && which(absence));

    private static Decision<OrganizationEvent>.Refuse Refuse(string code) => new(AbsenceRefusals.Of(code));
}

/// <summary>Why a move on an absence is refused: the frozen codes with their words.</summary>
public static class AbsenceRefusals
{
    private static readonly Dictionary<string, (Message Words, string[] Possible)> Codes = new(StringComparer.Ordinal)
    {
        ["absence.person_unknown"] = (new("没有此人，或其没有职务；请选在任人员。", "There is no such person, or they hold no seat; choose somebody who does."), ["record"]),
        ["absence.own_substitute"] = (new("本人不能代理本人；请另选替岗人。", "Nobody stands in for themselves; name somebody else."), ["record"]),
        ["absence.self_named"] = (new("替他人登记的，不能指定自己替岗；请由本人或其他负责人登记，或另选替岗人。", "Who enters the absence of another does not name themselves; let them or somebody else in charge enter it, or name another."), ["record"]),
        ["absence.reversed"] = (new("止日应不早于始日。", "The last day lies before the first."), ["record"]),
        ["absence.past"] = (new("日期已过；请从今天起填写。", "The day has passed; begin with today."), ["record", "end"]),
        ["absence.too_long"] = (new("一次最长 366 天；更长的请调整任职。", "An absence has at most 366 days; for longer, somebody else is appointed."), ["record"]),
        ["absence.overlap"] = (new("此人同期已登记；请先销假再登记。", "This person's absence is recorded for some of these days; end that one first."), ["end", "record"]),
        ["absence.substitute_absent"] = (new("替岗人同期也不在岗；请另选替岗人。", "The substitute is absent on some of these days too; name somebody else."), ["record"]),
        ["absence.is_substitute"] = (new("此人同期正替他人的岗；请先为那次另定替岗人（销假后重新登记）。", "This person stands in for somebody else on some of these days; end that absence and record it with another substitute first."), ["end", "record"]),
        ["absence.unknown"] = (new("没有这次登记。", "There is no such absence."), ["record"]),
        ["absence.over"] = (new("已经结束。", "It is over already."), ["record"]),
        ["absence.longer"] = (new("销假不能延长；延长的请另行登记。", "Ending does not make it longer; record the further days by themselves."), ["record"]),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All { get; } = Codes.ToDictionary(row => row.Key, row => row.Value.Words, StringComparer.Ordinal);

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code) => new(code, Codes[code].Words, Codes[code].Possible);
}
