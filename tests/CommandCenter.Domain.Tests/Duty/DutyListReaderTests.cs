using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Tests.Organization;

namespace CommandCenter.Domain.Tests;

public class DutyListReaderTests
{
    private const string English = "person,from,to,role\n";

    [Fact]
    public void A_month_is_read_by_ids_or_names_in_the_time_of_the_wall()
    {
        var (shifts, errors) = Read("人员,上班,下班,值班角色\n值班员 01,2026-03-02 08:00,2026-03-02 20:00,值班员\ntown-leader-01,2026/3/2 8:00,2026/3/3 8:00,带班领导\n");

        errors.ShouldBeEmpty();
        shifts.ShouldBe(
        [
            new ShiftPlan(2, "center-operator-01", Sample.Instant("2026-03-02T00:00:00Z"), Sample.Instant("2026-03-02T12:00:00Z"), DutyRole.Operator),
            new ShiftPlan(3, "town-leader-01", Sample.Instant("2026-03-02T00:00:00Z"), Sample.Instant("2026-03-03T00:00:00Z"), DutyRole.Lead),
        ]);
    }

    [Theory]
    [InlineData("center-operator-91,2026-03-02 08:00,2026-03-02 20:00,operator", "shifts/2/person", "duty.line.unknown_person")]
    [InlineData("center-operator-04,2026-03-02 08:00,2026-03-02 20:00,operator", "shifts/2/person", "duty.line.person_elsewhere")]
    [InlineData("center-operator-01,2.3.2026 8 Uhr,2026-03-02 20:00,operator", "shifts/2/from", "duty.line.broken_time")]
    [InlineData("center-operator-01,2026-03-02 08:00,2026-03-02T20:00:00,operator", "shifts/2/to", "duty.line.broken_time")]
    [InlineData("center-operator-01,2026-03-02 08:00,2026-03-02 20:00,chief", "shifts/2/role", "duty.line.unknown_role")]
    [InlineData("center-operator-01,2026-03-02 08:00,2026-03-02 20:00", "shifts/2", "duty.line.field_count")]
    public void A_mistake_is_said_with_its_line_and_nothing_is_read(string line, string where, string code)
    {
        var (shifts, errors) = Read($"{English}{line}\ncenter-operator-02,2026-03-02 20:00,2026-03-03 08:00,operator\n");

        shifts.ShouldBeEmpty();
        var error = errors.ShouldHaveSingleItem();
        (error.Line, error.Code).ShouldBe((where, code));
        error.Message.Zh.ShouldContain(letter => letter >= '\u4e00' && letter <= '\u9fff');
    }

    [Fact]
    public void A_column_that_is_missing_is_named_and_every_mistake_is_said()
    {
        Read("person,from,to\n").Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(error => error.Code.ShouldBe("duty.line.missing_column"), error => error.Line.ShouldBe("shifts/1/role"));
        Read($"{English}x,y,z,w\n").Errors.Count.ShouldBe(4);
    }

    [Fact]
    public void Whoever_holds_a_seat_in_at_or_above_the_place_can_be_on_duty()
    {
        foreach (var (person, may) in ((string, bool)[])[("grid-worker-01", true), ("post-handler-01", true), ("district-supervisor-01", true), ("dispatcher-03", false)])
            DutyListReader.MayStandBy(DemoTown.Directory.FindPerson(person)!, DemoTown.Town, DemoTown.Directory).ShouldBe(may, person);
    }

    private static (IReadOnlyList<ShiftPlan> Shifts, IReadOnlyList<RefusalLine> Errors) Read(string text) => DutyListReader.ReadCsv(text, DemoTown.Town, DemoTown.Directory);
}
