using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Demo;

/// <summary>What somebody does with a duty roster, and when. A closed type.</summary>
public abstract record DutyStep(DateTimeOffset Due, string Actor)
{
    public sealed record Plan(DateTimeOffset Due, string Actor, IReadOnlyList<ShiftPlan> Shifts) : DutyStep(Due, Actor);

    public sealed record Swap(DateTimeOffset Due, string Actor, int Shift, int With) : DutyStep(Due, Actor);

    public sealed record HandOver(DateTimeOffset Due, string Actor, int Shift, string Note) : DutyStep(Due, Actor);

    public sealed record Accept(DateTimeOffset Due, string Actor, int Shift) : DutyStep(Due, Actor);

    public sealed record TakeOver(DateTimeOffset Due, string Actor, int Shift, string Reason) : DutyStep(Due, Actor);
}

/// <summary>
/// The duty of a demonstration town, day and night: two operators a day from 08:00 and 20:00, and a leader for the whole of it. Pure: a roster and an instant in, the next step out, so that a past
/// that was cut short goes on where it was.
/// </summary>
/// <param name="organization">Of the instant.</param>
public sealed class DutyScript(AreaCode town, OrganizationDirectory organization)
{
    private const int DaysPlanned = 10;
    private static readonly TimeSpan PlannedAhead = TimeSpan.FromDays(3);
    private static readonly TimeSpan SwappedAhead = TimeSpan.FromHours(20);
    private static readonly TimeSpan HalfADay = TimeSpan.FromHours(12);

    private static readonly string[] Notes =
    [
        "沿河两个网格已安排夜间巡查；桥头路灯抢修队预计 22 时到场，请跟进结果。",
        "热线来电均已登记立案，无遗留；值守电话和对讲机工作正常。",
        "界溪水位略高，已请网格员每两小时看一次，超过警戒线立即报带班领导。",
        "一处井盖缺损已设围挡，岗位人员明早更换，请核对是否到场。",
    ];

    private readonly List<string> _operators = Holders(town, organization, Role.CenterOperator, Role.Dispatcher);

    // A sector lead takes turns with the leaders of the town, where there are few.
    private readonly List<string> _leads = [.. Holders(town, organization, Role.TownLeader), .. Holders(town, organization, Role.SectorLead).Take(1)];

    private string Planner => Holders(town, organization, Role.Dispatcher)[0];

    /// <summary>A leader who is away for some days, with who stands in; null in a town too small for it.</summary>
    public (string Person, string Substitute)? Away => _leads.Count > 2 && Holders(town, organization, Role.SectorLead) is [var person, var substitute, ..] ? (person, substitute) : null;

    /// <summary>The step that is due first, be it later than now; null where nothing is ahead.</summary>
    public DutyStep? Next(Roster roster, DateTimeOffset now)
    {
        var shifts = roster.Shifts.Values;
        var planned = shifts.Select(shift => shift.To).Append(DateTimeOffset.MinValue).Max();
        if (planned < now + PlannedAhead)
            return new DutyStep.Plan(now, Planner, [.. Planned(planned > now ? planned : Morning(now)).Where(shift => shift.To > now)]);
        // Once: two people changed places.
        List<Shift> ahead = [.. shifts.Where(shift => shift.Role == DutyRole.Operator && shift.From > now + SwappedAhead).OrderBy(shift => shift.From).Take(2)];
        if (shifts.All(shift => shift.Holders.Count == 1) && ahead is [var one, var other] && one.Person != other.Person)
            return new DutyStep.Swap(now, Planner, one.Number, other.Number);
        return shifts.Where(shift => shift.Relief is null && roster.NeedsRelief(shift) && !roster.IsOver(shift, now)).Select(shift => EndOf(shift, roster)).OrderBy(step => step.Due).FirstOrDefault();
    }

    private DutyStep EndOf(Shift shift, Roster roster)
    {
        if (shift.HandOver is { } given)
            return new DutyStep.Accept(given.At + TimeSpan.FromMinutes(6), Present(roster.Find(given.To)!), shift.Number);
        // One in seven leaves without a word, and the next goes on.
        return shift.Number % 7 == 3
            ? new DutyStep.TakeOver(shift.To + TimeSpan.FromMinutes(12), Present(roster.Following(shift).First()), shift.Number, "当班人出现场未回，电话确认情况后直接接班。")
            : new DutyStep.HandOver(shift.To - TimeSpan.FromMinutes(20 + (shift.Number % 15)), Present(shift), shift.Number, Notes[shift.Number % Notes.Length]);
    }

    private string Present(Shift shift) => organization.SubstituteOf(shift.Person) ?? shift.Person;

    private IEnumerable<ShiftPlan> Planned(DateTimeOffset from)
    {
        var line = 0;
        for (var half = 0; half < 2 * DaysPlanned; half++)
        {
            var at = from + (half * HalfADay);
            var turn = (int)((at - DateTimeOffset.UnixEpoch) / HalfADay);
            yield return new ShiftPlan(++line, _operators[turn % _operators.Count], at, at + HalfADay, DutyRole.Operator);
            if (half % 2 == 0)
                yield return new ShiftPlan(++line, _leads[turn / 2 % _leads.Count], at, at + (2 * HalfADay), DutyRole.Lead);
        }
    }

    /// <summary>08:00 in the district, today or, before that, yesterday.</summary>
    private DateTimeOffset Morning(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, organization.TimeZone).DateTime;
        var morning = local.Date.AddHours(local.Hour < 8 ? -16 : 8);
        return new DateTimeOffset(morning, organization.TimeZone.GetUtcOffset(morning)).ToUniversalTime();
    }

    private static List<string> Holders(AreaCode town, OrganizationDirectory organization, params Role[] roles) =>
        [.. organization.People.Where(person => organization.HeldSeatsOf(person).Any(seat => roles.Contains(seat.Role) && seat.Place == town && !seat.Acting)).Select(person => person.Id)];
}
