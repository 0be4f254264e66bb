using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class AreaCodeTests
{
    [Theory]
    [InlineData("500153", AreaLevel.District)]
    [InlineData("500153003", AreaLevel.Town)]
    [InlineData("500153003001", AreaLevel.Village)]
    [InlineData("500153003001002", AreaLevel.Grid)]
    [InlineData("500153003001002003", AreaLevel.Yard)]
    public void The_number_of_digits_is_the_level(string text, AreaLevel level)
    {
        var code = AreaCode.Parse(text);

        code.Level.ShouldBe(level);
        code.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("50015")]
    [InlineData("5001530030")]
    [InlineData("50015x")]
    [InlineData("50015 ")]
    [InlineData("５００１５３")]
    [InlineData("-50015")]
    [InlineData("500153003001002003004")]
    public void Anything_else_is_no_code(string? text)
    {
        AreaCode.TryParse(text, out var code).ShouldBeFalse();
        code.ShouldBe(default);
    }

    [Fact]
    public void Parsing_what_is_no_code_says_so() => Should.Throw<FormatException>(() => AreaCode.Parse("50015"));

    [Fact]
    public void An_area_contains_itself_and_what_begins_with_its_code()
    {
        var village = AreaCode.Parse("500153003001");

        village.Contains(village).ShouldBeTrue();
        village.Contains(AreaCode.Parse("500153003001002003")).ShouldBeTrue();
        village.Contains(AreaCode.Parse("500153003002001")).ShouldBeFalse();
        village.Contains(AreaCode.Parse("500153003")).ShouldBeFalse("the town is not inside its village");
    }

    [Fact]
    public void No_area_contains_nothing() => default(AreaCode).Contains(AreaCode.Parse("500153")).ShouldBeFalse();

    [Fact]
    public void Parents_lead_up_to_the_district()
    {
        var codes = new List<string>();
        for (AreaCode? code = AreaCode.Parse("500153003001002003"); code is not null; code = code.Value.Parent)
            codes.Add(code.Value.Value);

        codes.ShouldBe(["500153003001002003", "500153003001002", "500153003001", "500153003", "500153"]);
    }

    [Fact]
    public void The_area_of_a_tier_is_found_upwards_only()
    {
        var grid = AreaCode.Parse("500153003001002");

        grid.At(AreaLevel.Town).ShouldBe(AreaCode.Parse("500153003"));
        grid.At(AreaLevel.Grid).ShouldBe(grid);
        grid.At(AreaLevel.Yard).ShouldBeNull();
    }
}
