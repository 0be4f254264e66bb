using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests;

/// <summary>A list comes in whole or not at all, and whoever wrote it is told line by line what to mend.</summary>
public class MeetingListReaderTests
{
    private const string Header = "kind,text,category,area,urgency,outcome,photos,reporter,phone";
    private const string ChineseHeader = "办理层级,问题,类别,地点,紧急程度,处理结果,照片,反映人,联系电话";

    [Fact]
    public void A_list_in_English_codes_and_one_in_Chinese_words_are_the_same_list()
    {
        var english = Read($"{Header}\non_spot,狗吠扰邻,road-damage,{Town.Yard},,当场调解,{Meetings.Photo},张某,13900000000\ntown,河水发黑,river-pollution,{Town.Grid},urgent,,,,\n");
        var chinese = Read($"{ChineseHeader}\r\n现场解决,狗吠扰邻,道路破损,一小院,一般,当场调解,{Meetings.Photo},张某,13900000000\r\n要事,河水发黑,河道污染,一网格,紧急,,,,\r\n");

        chinese.Select(line => line.Content).ShouldBe(english.Select(line => line.Content));
        (english[0].Kind, english[0].Area, english[0].Category, english[0].Urgency, english[0].Outcome, english[0].Reporter, english[0].Phone)
            .ShouldBe((LineKind.OnSpot, Town.Yard, "road-damage", Urgency.Normal, "当场调解", "张某", "13900000000"));
        (english[1].Kind, english[1].Area, english[1].Urgency, english[1].Outcome).ShouldBe((LineKind.Town, Town.Grid, Urgency.Urgent, null));
    }

    [Fact]
    public void A_byte_order_mark_quotes_commas_and_line_breaks_in_a_field_are_read_as_a_spreadsheet_writes_them()
    {
        var lines = Read($"\uFEFF{ChineseHeader}\r\n实事,\"路灯不亮,\"\"三盏\"\"\r\n都不亮\",road-damage,,,,,,\r\n");

        lines.ShouldHaveSingleItem().Text.ShouldBe("路灯不亮,\"三盏\"\n都不亮");
        lines[0].Row.Line.ShouldBe(2);
    }

    [Fact]
    public void The_columns_may_stand_in_any_order() =>
        Read("text,kind,area,category,phone,reporter,photos,outcome,urgency\n路灯不亮,village,,road-damage,,,,,\n").ShouldHaveSingleItem().Kind.ShouldBe(LineKind.Village);

    [Fact]
    public void A_matter_without_a_place_is_where_the_meeting_was() =>
        Read($"{Header}\nvillage,路灯不亮,road-damage,,,,,,\n").ShouldHaveSingleItem().Area.ShouldBe(Town.Yard);

    [Fact]
    public void In_a_meeting_of_the_whole_village_every_line_names_its_place() =>
        Errors($"{Header}\nvillage,路灯不亮,road-damage,,,,,,\n", Town.Village).ShouldHaveSingleItem().ShouldBe((2, "area", "area_missing"));

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_by_line_and_column() =>
        Errors($"""
            {Header}
            small,,unknown,nowhere,soon,,,,
            on_spot,调解邻里矛盾,road-damage,,,,,,
            village,路灯不亮,road-damage,,,已修好,{Meetings.Photo},,
            district,{new string('长', 2001)},road-damage,500999102001001,,,,{new string('名', 51)},
            town,路灯不亮,road-damage,500999101,,,,,
            village,井盖缺失,road-damage,,,,,,
            district,井盖 缺失,road-damage,,,,,,
            """).ShouldBe(
            [
                (2, "kind", "unknown_kind"), (2, "text", "missing"), (2, "category", "unknown_category"), (2, "area", "unknown_area"), (2, "urgency", "unknown_urgency"),
                (3, "outcome", "missing"), (3, "photos", "proof_missing"),
                (4, "outcome", "outcome_of_on_spot"),
                (5, "text", "too_long"), (5, "area", "unknown_area"), (5, "reporter", "too_long"),
                (6, "area", "unknown_area"),
                (8, "text", "duplicate_line"),
            ]);

    [Fact]
    public void One_wrong_line_keeps_all_lines_out() => MeetingListReader.Read([Row(), Row() with { Kind = "small" }], Town.Yard, Town.Organization, false).Lines.ShouldBeEmpty();

    [Fact]
    public void Every_mistake_is_told_in_both_languages_with_what_is_allowed()
    {
        var (_, errors) = MeetingListReader.Read([new ListRow(2, "小事", "路灯", "路面破损", "二小院", "马上")], Town.Yard, Town.Organization, false);

        var told = errors.ToDictionary(error => error.Column, error => error.Message);
        told["kind"].Zh.ShouldContain("现场解决、实事、要事、大事");
        told["kind"].En.ShouldContain("on_spot, village, town, district");
        told["category"].Zh.ShouldContain("道路破损");
        told["category"].En.ShouldContain("road-damage");
        told["area"].Zh.ShouldContain("一小院");
        told["urgency"].Zh.ShouldContain("一般、紧急、特急");
    }

    [Fact]
    public void A_header_that_lacks_a_column_or_has_one_too_many_is_told_the_whole_header()
    {
        var (rows, errors) = MeetingListReader.ReadCsv("kind,text,category,area,urgency,outcome,photos,reporter,手机\nvillage,a,b,,,,,,\n");

        rows.ShouldBeEmpty();
        errors.Select(error => (error.Line, error.Column, error.Code)).ShouldBe([(1, "phone", "missing_column"), (1, "手机", "unknown_column")]);
        errors.ShouldAllBe(error => error.Message.Zh.Contains("办理层级、问题、类别", StringComparison.Ordinal) && error.Message.En.Contains("kind, text, category", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", 1, "empty_file")]
    [InlineData("kind,text,category,area,urgency,outcome,photos,reporter,phone\nvillage,\"路灯\n", 2, "broken_csv")]
    [InlineData("kind,text,category,area,urgency,outcome,photos,reporter,phone\nvillage,路灯,不亮,road-damage,,,,,,\n", 2, "field_count")]
    public void A_file_that_is_no_table_is_told_where_it_breaks(string text, int line, string code) =>
        MeetingListReader.ReadCsv(text).Errors.Select(error => (error.Line, error.Code)).ShouldBe([(line, code)]);

    [Fact]
    public void The_minutes_photos_stand_for_those_of_a_line()
    {
        var row = Row() with { Kind = "on_spot", Outcome = "当场调解" };

        MeetingListReader.Read([row], Town.Yard, Town.Organization, hasProof: false).Errors.ShouldHaveSingleItem().Code.ShouldBe("proof_missing");
        MeetingListReader.Read([row], Town.Yard, Town.Organization, hasProof: true).Lines.ShouldHaveSingleItem().Photos.ShouldBeEmpty();
    }

    [Fact]
    public void A_place_in_another_town_is_left_to_the_center_to_pass_on()
    {
        var neighbour = new Area(AreaCode.Parse("500999102001001"), "邻镇网格", "Grid next door", null);
        var organization = new OrganizationDirectory(Town.Shanghai, [.. Town.Organization.Areas, neighbour], Town.Organization.Posts, Town.Organization.People, Town.Organization.Categories, []);

        MeetingListReader.Read([Row() with { Area = neighbour.Code.Value }], Town.Yard, organization, false).Errors.ShouldHaveSingleItem().Code.ShouldBe("area_outside_town");
        MeetingListReader.Read([Row() with { Area = "邻镇网格" }], Town.Yard, organization, false).Errors.ShouldHaveSingleItem().Code.ShouldBe("unknown_area");
    }

    [Fact]
    public void A_name_that_two_yards_of_the_village_have_needs_the_code()
    {
        var twin = new Area(Town.OtherYard, "一小院", "Yard 1 again", 20);
        var organization = new OrganizationDirectory(Town.Shanghai, [.. Town.Organization.Areas, twin], Town.Organization.Posts, Town.Organization.People, Town.Organization.Categories, []);

        var error = MeetingListReader.Read([Row() with { Area = "一小院" }], Town.Yard, organization, false).Errors.ShouldHaveSingleItem();
        error.Code.ShouldBe("ambiguous_area");
        error.Message.Zh.ShouldContain(Town.OtherYard.Value);
    }

    [Fact]
    public void A_list_longer_than_one_append_may_be_is_refused_with_the_first_line_too_many()
    {
        var rows = Enumerable.Range(0, MeetingListReader.MostLines + 1).Select(index => Row() with { Line = index + 2, Text = $"问题{index}" }).ToList();

        MeetingListReader.Read(rows, Town.Yard, Town.Organization, false).Errors.Select(error => (error.Line, error.Code)).ShouldBe([(MeetingListReader.MostLines + 2, "too_many_lines")]);
        MeetingListReader.Read(rows[..^1], Town.Yard, Town.Organization, false).Lines.Count.ShouldBe(MeetingListReader.MostLines);
    }

    [Fact]
    public void A_control_character_is_found_in_whichever_column() =>
        MeetingListReader.Read([Row() with { Text = "路灯\u0000", Reporter = "甲\u0007" }], Town.Yard, Town.Organization, false).Errors
            .Select(error => (error.Column, error.Code)).ShouldBe([("text", "control_character"), ("reporter", "control_character")]);

    [Fact]
    public void The_same_words_with_other_spaces_at_the_same_place_are_the_same_matter()
    {
        var one = Draft(Row());

        Draft(Row() with { Text = "路灯 不亮", Category = "river-pollution", Kind = "town" }).Identity.ShouldBe(one.Identity);
        Draft(Row() with { Area = Town.Grid.Value }).Identity.ShouldNotBe(one.Identity);
        Draft(Row() with { Kind = "town" }).Content.ShouldNotBe(one.Content);
    }

    private static ListRow Row() => new(2, "village", "路灯不亮", "road-damage");

    private static DraftLine Draft(ListRow row) => MeetingListReader.Read([row], Town.Yard, Town.Organization, false).Lines.ShouldHaveSingleItem();

    private static IReadOnlyList<DraftLine> Read(string csv)
    {
        var (rows, errors) = MeetingListReader.ReadCsv(csv);
        errors.ShouldBeEmpty();
        var (lines, wrong) = MeetingListReader.Read(rows, Town.Yard, Town.Organization, hasProof: false);
        wrong.ShouldBeEmpty(string.Join('\n', wrong));
        return lines;
    }

    private static IEnumerable<(int Line, string Column, string Code)> Errors(string csv, AreaCode? meeting = null)
    {
        var (rows, errors) = MeetingListReader.ReadCsv(csv);
        errors.ShouldBeEmpty();
        return MeetingListReader.Read(rows, meeting ?? Town.Yard, Town.Organization, hasProof: false).Errors.Select(error => (error.Line, error.Column, error.Code));
    }
}
