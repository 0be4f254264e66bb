using CommandCenter.Domain.Listings;

namespace CommandCenter.Domain.Deadlines;

/// <summary>One step of the ladder of a listing.</summary>
/// <param name="Name">Lower-case ASCII with dashes, unique among the steps; part of the timer's name.</param>
/// <param name="Offset">From the listing's limit: negative before, zero at, positive after.</param>
/// <param name="Raise">Whether the district's main leader supervises it from here on.</param>
public sealed record SupervisionStep(string Name, Limit Offset, bool? Raise = null);

/// <summary>
/// Listed supervision (挂牌督办, S0-11, S3-15): one matter late in one town so often, and so high, is concentrated and supervised by the district's main leader (区委主要领导), any other by the district leader
/// in charge (分管区领导).
/// </summary>
/// <param name="ConcentratedCases">From so many cases of one matter in one town that were late, this one included, 2–100.</param>
/// <param name="WithinDays">In so many natural days before the listing, 1–366.</param>
/// <param name="General">The limit of a general listing.</param>
/// <param name="Concentrated">The limit of a concentrated one.</param>
/// <param name="Steps">In the order of their instants.</param>
/// <param name="FromLevel">Only cases that climbed so high count towards concentration: what was a minute late was not a matter that keeps coming; missing: the committee.</param>
public sealed record SupervisionRules(int ConcentratedCases, int WithinDays, Limit General, Limit Concentrated, IReadOnlyList<SupervisionStep> Steps, EscalationLevel? FromLevel = null)
{
    /// <summary>The lowest level that counts towards concentration.</summary>
    public EscalationLevel CountsFrom() => FromLevel ?? EscalationLevel.Committee;

    /// <summary>What holds under a policy that says nothing of supervision.</summary>
    public static SupervisionRules Standard { get; } = new(
        3, 90, new Limit(10, TimeUnit.NaturalDays), new Limit(15, TimeUnit.NaturalDays),
        [new("warning", new Limit(-3, TimeUnit.NaturalDays)), new("overdue", new Limit(0, TimeUnit.NaturalDays)), new("main-leader", new Limit(5, TimeUnit.NaturalDays), true)], EscalationLevel.Committee);

    /// <param name="lateCases">Cases of the same matter in the same town that were late within the days of the rule, this one included.</param>
    public ListingGrade GradeOf(int lateCases) => lateCases >= ConcentratedCases ? ListingGrade.Concentrated : ListingGrade.General;

    public Limit LimitOf(ListingGrade grade) => grade == ListingGrade.Concentrated ? Concentrated : General;

    /// <summary>What is wrong with the rules, one sentence each, with where in them.</summary>
    public static IEnumerable<(string At, Message Words)> Check(SupervisionRules rules)
    {
        if (rules.ConcentratedCases is < 2 or > 100)
            yield return ("/concentratedCases", new("集中突出问题为 2 至 100 件超期案件。", "a matter is concentrated from 2 to 100 late cases on."));
        if (rules.WithinDays is < 1 or > 366)
            yield return ("/withinDays", new("超期案件的统计期为 1 至 366 天。", "late cases are counted over 1 to 366 days."));
        var limits = (Limit[])[rules.General, rules.Concentrated];
        if (limits.Any(limit => limit.Amount < 1 || limit.Amount > OneYear(limit.Unit)))
        {
            yield return (rules.General.Amount < 1 || rules.General.Amount > OneYear(rules.General.Unit) ? "/general" : "/concentrated", new("督办时限应大于零，不超过一年。", "the limit of a listing is positive, and at most a year."));
            yield break;
        }

        if (rules.Steps.ToList().FindIndex(step => step is null) is >= 0 and var none)
        {
            yield return ($"/steps/{none}", new("缺少一个步骤。", "a step is missing."));
            yield break;
        }

        if (rules.Steps.ToList().FindIndex(step => !DeadlinePolicyReader.IsStepName(step.Name)) is >= 0 and var wrong27)
            yield return ($"/steps/{wrong27}", new("步骤名称只用小写英文字母和连字符。", "a step's name is lower-case ASCII with dashes."));
        if (DeadlinePolicyReader.Twice(rules.Steps.Select(step => step.Name)) is { } twice)
            yield return ($"/steps/{twice}", new("两个步骤同名。", "two steps have the same name."));
        if (rules.Steps.ToList().FindIndex(step => step.Raise == true && step.Offset.Amount < 0) is >= 0 and var wrong24)
            yield return ($"/steps/{wrong24}", new("督办时限到期后才能升格，不能提前。", "a listing is raised once its limit has passed, not before."));
        if (!rules.Steps.Any(step => step.Offset.Amount >= 0))
            yield return ("/steps", new("没有到期时或之后的步骤，超期无人知晓。", "no step lies at or after the limit, so lateness would climb to nobody."));
        if (rules.Steps.ToList().FindIndex(step => Math.Abs((long)step.Offset.Amount) > OneYear(step.Offset.Unit)) is >= 0 and var wrong26)
        {
            yield return ($"/steps/{wrong26}", new("步骤距到期不超过一年。", "a step lies at most a year from the limit."));
            yield break;
        }

        // Compared from one fixed instant, a Monday morning of a week without holidays.
        var dues = limits.Select(limit => WorkCalendar.PlainWeek.After(WorkCalendar.Monday, limit)).ToList();
        if (rules.Steps.ToList().FindIndex(step => dues.Any(due => WorkCalendar.PlainWeek.After(due, step.Offset) <= WorkCalendar.Monday)) is >= 0 and var early)
            yield return ($"/steps/{early}", new("预警会早于挂牌。", "a warning would come before the case is listed."));
        if (DeadlinePolicyReader.Backward([.. rules.Steps.Select(step => WorkCalendar.PlainWeek.After(WorkCalendar.Monday.AddYears(1), step.Offset))]) is { } backward)
            yield return ($"/steps/{backward}", new("步骤没有按时间先后排列。", "the steps are not in the order of their instants."));
    }

    private static int OneYear(TimeUnit unit) => unit switch
    {
        TimeUnit.NaturalDays => 366,
        TimeUnit.UrgentMinutes => 366 * 24 * 60,
        TimeUnit.WorkingDays => 250,
        _ => 250 * 24 * 60,
    };
}
