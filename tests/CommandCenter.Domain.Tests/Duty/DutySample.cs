using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>A day of a center's roster: three operators, one after the other, and a lead around the clock.</summary>
public static class DutySample
{
    public const int Morning = 1;
    public const int Late = 2;
    public const int Night = 3;
    public const int Lead = 4;

    /// <summary>08:00 of a Monday in the district.</summary>
    public static DateTimeOffset Eight { get; } = Local("2026-03-02T08:00");

    public static DateTimeOffset Four => Eight + 8.Hours();

    public static DateTimeOffset Midnight => Eight + 16.Hours();

    public static By Planner { get; } = new("dispatcher", Role.Dispatcher, Town.Code);

    /// <summary>Planned the evening before.</summary>
    public static DateTimeOffset PlannedAt => Eight - 12.Hours();

    public static DutyPlanned Planned(params PlannedShift[] more) => new(
    [
        new PlannedShift(Morning, "operator", Eight, Four, DutyRole.Operator), new PlannedShift(Late, "colleague", Four, Midnight, DutyRole.Operator),
        new PlannedShift(Night, "handler", Midnight, Eight + 24.Hours(), DutyRole.Operator), new PlannedShift(Lead, "town-leader", Eight, Eight + 24.Hours(), DutyRole.Lead), .. more,
    ]);

    public static OpenMatter Matter { get; } = new(CaseId, CaseStage.Filed, Urgency.Emergency, "road-damage", Town.Grid, "500999101-20260302-0001", Eight + 9.Hours());

    public static DutyHandedOver HandedOver(int shift = Morning, int to = Late) => new(shift, to, Words("桥头积水待处置"), [Matter]);

    public static By Of(string person) => new(person, Role.CenterOperator, Town.Code);

    /// <summary>A roster after events, each by a person at an instant.</summary>
    public static Roster Fold(params (DutyEvent Event, string By, DateTimeOffset At)[] events) =>
        Roster.Fold(events.Select(row => new Fact<DutyEvent>(row.Event, Of(row.By), row.At, row.At)));

    /// <summary>The planned day, and what happened since, as the first shift ends.</summary>
    public static Roster After(params DutyEvent[] rest) => Fold([(Planned(), "dispatcher", PlannedAt), .. rest.Select(happened => (happened, "operator", Four))]);
}
