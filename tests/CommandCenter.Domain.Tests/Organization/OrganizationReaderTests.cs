using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

public class OrganizationReaderTests
{
    private const string Areas = OrganizationReader.AreasFile;
    private const string Posts = OrganizationReader.PostsFile;
    private const string People = OrganizationReader.PeopleFile;
    private const string Departments = OrganizationReader.DepartmentsFile;
    private const string Roles = OrganizationReader.RolesFile;
    private const string Categories = OrganizationReader.CategoriesFile;
    private const string OneMatters = OrganizationReader.OneMattersFile;
    private const string Grids = OrganizationReader.GridsFile;

    /// <summary>File, text to find, its replacement, and the one error that has to follow: column and code, on the line of the found text.</summary>
    public static TheoryData<string, string, string, string, string> Mistakes => new()
    {
        { OrganizationReader.DistrictFile, "Asia/Shanghai", "Asia/Rongchang", "time_zone", "unknown_time_zone" },
        { OrganizationReader.DistrictFile, "Asia/Shanghai", "China Standard Time", "time_zone", "unknown_time_zone" },
        { OrganizationReader.DistrictFile, "500153,", "500154,", "district", "unknown_place" },
        { OrganizationReader.DistrictFile, "500153,", "500153003,", "district", "place_level" },

        { Areas, "village,500153003201,", "hamlet,500153003201,", "level", "unknown_level" },
        { Areas, "village,500153003201,", "grid,500153003201,", "code", "code_level" },
        { Areas, "village,500153003202,", "village,500153003201,", "code", "duplicate_code" },
        { Areas, "grid,500153003001002,", "grid,50015300300100二,", "code", "broken_code" },
        { Areas, "yard,500153003001002001,", "yard,500153003001009001,", "code", "parent_missing" },
        { Areas, "沿河村,", ",", "name", "name_length" },
        { Areas, "沿河村,", "沿河\t村,", "name", "control_character" },
        { Areas, "500153003201,沿河村,Yanhe Village,", "500153003201,沿河村,Yanhe Village,20", "households", "households_of_yard" },
        { Areas, "level,code", "level,id,code", "id", "unknown_column" },

        { Posts, "economy,village-construction", "economics,village-construction", "sector", "unknown_sector" },
        { Posts, "500153003,economy,village-construction", "500153009,economy,village-construction", "town", "unknown_place" },
        { Posts, "500153003,economy,village-construction", "500153,economy,village-construction", "town", "place_level" },
        { Posts, "economy,ecology,", "economy,Ecology,", "code", "broken_code" },
        { Posts, "economy,ecology,", "economy,village-construction,", "code", "duplicate_code" },

        { Posts, "Law enforcement,true", "Law enforcement,yes", "enforcement", "broken_flag" },

        { People, "grid-worker-02,", "grid-worker-01,", "id", "duplicate_code" },
        { People, "grid-worker-02,", "Grid worker 02,", "id", "broken_code" },

        { Roles, "grid-worker-02,", "grid-worker-92,", "person", "unknown_person" },
        { Roles, "grid-worker-02,grid_worker", "grid-worker-02,grid-worker", "role", "unknown_role" },
        { Roles, "grid-worker-02,grid_worker", "grid-worker-02,resident", "role", "unknown_role" },
        { Roles, "grid-worker-02,grid_worker,500153003001002", "grid-worker-02,grid_worker,500153003001009", "place", "unknown_place" },
        { Roles, "grid-worker-02,grid_worker,500153003001002", "grid-worker-02,grid_worker,500153003001", "place", "place_level" },
        { Roles, "economy,village-construction", "economy,village-demolition", "post", "unknown_post" },
        { Roles, "economy,village-construction", "livelihood,village-construction", "sector", "sector_mismatch" },
        { Roles, "sector-lead-02,sector_lead,500153003,economy", "sector-lead-02,sector_lead,500153003,", "sector", "unknown_sector" },
        { Roles, "town-leader-01,town_leader,500153003,", "town-leader-01,town_leader,500153003,economy", "sector", "not_of_this_role" },
        { Roles, "town-leader-01,town_leader,500153003,,", "town-leader-01,town_leader,500153003,,ecology", "post", "not_of_this_role" },
        { Roles, "safety_and_law,,,true", "safety_and_law,,,yes", "acting", "broken_flag" },
        { Roles, "ecology-bureau", "ecology", "department", "unknown_department" },
        { Roles, "department-01,department,500153,", "department-01,department,500153003,", "place", "place_level" },
        { Roles, "town-leader-01,town_leader,500153003,,,", "town-leader-01,town_leader,500153003,,,ecology-bureau", "department", "not_of_this_role" },

        { Roles, "yard_staff,500153003001001001,,publicity-officer", "yard_staff,500153003001001001,,publicity", "post", "unknown_yard_post" },
        { Roles, "yard-publicity-02,yard_staff,500153003001001002", "yard-publicity-02,yard_staff,500153003001001001", "role", "yard_seat_taken" },
        { Roles, "yard-head-02,yard_head,500153003001001002", "yard-head-02,yard_head,500153003001001001", "role", "yard_seat_taken" },

        { Departments, "water-bureau,", "ecology-bureau,", "code", "duplicate_code" },
        { Departments, "water-bureau,", "Water bureau,", "code", "broken_code" },
        { Departments, "irrigation", "irritation", "remit", "unknown_category" },
        { Roles, "center-operator-02,", "center-operator-01,", "role", "duplicate_role" },

        { Categories, "economy,village-construction", "economy,village-demolition", "default_post", "unknown_post" },
        { Categories, "economy,village-construction", "livelihood,village-construction", "sector", "sector_mismatch" },
        { Categories, "economy,village-construction", "river,village-construction", "sector", "unknown_sector" },
        { Categories, "sewage,", "river-pollution,", "code", "duplicate_code" },
        { Categories, ",灯具正常点亮,The lamp burns", ",灯具正常点亮,", "standard", "standard_in_both" },
        { Categories, ",true,,井盖", ",ja,,井盖", "photo_needed", "broken_flag" },

        { OneMatters, "self-built-houses,", "black-water,", "code", "duplicate_code" },
        { OneMatters, "self-built-houses,", "Self-built,", "code", "broken_code" },
        { OneMatters, "water-bureau housing-construction-committee,", ",", "departments", "no_department" },
        { OneMatters, "civil-affairs-bureau,", "civil-affairs,", "departments", "unknown_department" },
        { OneMatters, "civil-affairs-bureau,", "housing-construction-committee,", "departments", "duplicate_word" },
        { OneMatters, "economy safety_and_law", "economy safety", "sectors", "unknown_sector" },

        { Grids, "\"code\": \"500153003001002\"", "\"code\": \"500153003001\"", "code", "code_level" },
        { Grids, "\"code\": \"500153003001002\"", "\"code\": \"500153003001001\"", "code", "duplicate_code" },
        { Grids, "\"type\": \"FeatureCollection\"", "\"type\": \"FeatureCollection\",,", "", "broken_json" },
        { Grids, "\"type\": \"FeatureCollection\"", "\"type\": \"FeatureCollection\", \"type\": \"Feature\"", "", "broken_json" },
        { Grids, "\"type\": \"FeatureCollection\"", "\"type\": \"FeatureCollection\", \"name\": \"\\ud800\"", "", "broken_json" },
        { Grids, "[105.492729, 29.347578], ", "[105.492729, 129.347578], ", "coordinates", "point_out_of_range" },
        { Grids, "[105.492729, 29.347578], ", "[105.492729, 1e999], ", "coordinates", "point_out_of_range" },
        { Grids, "[105.492729, 29.347578], ", "[105.492729], ", "coordinates", "broken_geojson" },
        { Grids, "[105.492729, 29.347578], ", "[\"105.492729\", 29.347578], ", "coordinates", "broken_geojson" },
    };

    /// <summary>Lines after the header of a file that may be left out, and the error of the second line.</summary>
    public static TheoryData<string, string, string> SuccessorMistakes => new()
    {
        { "500153003,post:gone,post:nowhere", "successor", "unknown_unit" },
        { "500153003,post:ecology,post:publicity", "ended", "not_ended" },
        { "500153003,post:gone,department:water-bureau", "successor", "other_kind" },
        { ",post:gone,post:ecology", "town", "unknown_place" },
        { "500153003,grid:500153003001009,grid:500153003001001", "town", "not_of_this_unit" },
        { ",grid:500153003001001,grid:500153003001002", "ended", "not_ended" },
        { ",yard:500153003001009,grid:500153003001001", "ended", "broken_unit" },
        { "500153003,post:gone,ecology", "successor", "broken_unit" },
    };

    [Fact]
    public void A_yard_without_its_head_or_one_of_its_staff_is_warned_of_on_its_line_and_read_all_the_same()
    {
        var files = DemoTown.Files();
        files[Roles] = files[Roles].Replace("yard-head-01,yard_head,500153003001001001,,,,\n", "", StringComparison.Ordinal)
            .Replace("yard-errands-01,yard_staff,500153003001001001,,errand-officer,,\n", "", StringComparison.Ordinal);

        var warning = DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Warnings.ShouldHaveSingleItem();

        (warning.File, warning.Line, warning.Code).ShouldBe((Areas, DemoTown.LineOf(Areas, "yard,500153003001001001"), "yard_seat_vacant"));
        (warning.MessageZh, warning.MessageEn).ShouldBe(("小院“500153003001001001”缺院长、代办员", "Yard '500153003001001001' has no head, no errand officer."));
    }

    [Fact]
    public void A_head_who_follows_another_in_a_yard_stands_beside_nobody()
    {
        var files = DemoTown.Files();
        files[Roles] = files[Roles].Replace("department,acting\n", "department,acting,from,to\n", StringComparison.Ordinal).Replace("\n", ",,\n", StringComparison.Ordinal).Replace("acting,from,to,,\n", "acting,from,to\n", StringComparison.Ordinal)
            .Replace("yard_head,500153003001001001,,,,,,", "yard_head,500153003001001001,,,,,,2026-06-30", StringComparison.Ordinal)
            + "grid-worker-02,yard_head,500153003001001001,,,,,2026-07-01,\n";

        DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Warnings.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(SuccessorMistakes))]
    public void A_mistake_among_the_successors_is_reported_with_its_line(string line, string column, string code)
    {
        var files = DemoTown.Files();
        files[OrganizationReader.SuccessorsFile] = $"town,ended,successor\n{line}\n";

        var error = DemoTown.Errors(files).ShouldHaveSingleItem();

        (error.File, error.Line, error.Column, error.Code).ShouldBe((OrganizationReader.SuccessorsFile, 2, column, code));
    }

    /// <summary>A spot's line after the header, and the error of it.</summary>
    public static TheoryData<string, string, string> SpotMistakes => new()
    {
        { "lamp 7,500153003001001,路灯,Lamp,lamp,street-light,post:ecology,,,,,", "code", "broken_code" },
        { "bin-17,500153003001001,路灯,Lamp,lamp,street-light,post:ecology,,,,,", "code", "duplicate_code" },
        { "lamp-7,500153003001009,路灯,Lamp,lamp,street-light,post:ecology,,,,,", "area", "unknown_place" },
        { "lamp-7,500153003001,路灯,Lamp,lamp,street-light,post:ecology,,,,,", "area", "place_level" },
        { "lamp-7,500153003001001,,Lamp,lamp,street-light,post:ecology,,,,,", "name", "name_length" },
        { "lamp-7,500153003001001,路灯,Lamp,Lamp,street-light,post:ecology,,,,,", "kind", "broken_code" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-lights,post:ecology,,,,,", "category", "unknown_category" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,ecology,,,,,", "unit", "broken_unit" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,post:nowhere,,,,,", "unit", "unknown_unit" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,village:500153003099,,,,,", "unit", "unknown_unit" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,village:500153003201,,,,,", "unit", "unit_elsewhere" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,department:water-bureau,,,,,", "unit", "unit_of_district" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,post:ecology,nobody,,,,", "person", "unknown_person" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,post:ecology,post-handler-17,,,,", "person", "not_of_unit" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,post:ecology,,29.3,,,", "longitude", "point_out_of_range" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,post:ecology,,129.3,105.4,,", "latitude", "point_out_of_range" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,post:ecology,,29.308226,105.483556,,", "latitude", "point_elsewhere" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,post:ecology,,,,不亮,", "report", "report_in_both" },
        { "lamp-7,500153003001001,路灯,Lamp,lamp,street-light,post:ecology,,,,不亮,%", "report_en", "report_length" },
    };

    [Theory]
    [MemberData(nameof(SpotMistakes))]
    public void A_mistake_among_the_spots_is_the_one_error_and_names_its_line(string line, string column, string code)
    {
        var files = DemoTown.Files();
        files[OrganizationReader.SpotsFile] += line.Replace("%", new string('x', 51), StringComparison.Ordinal) + "\n";

        var error = DemoTown.Errors(files).ShouldHaveSingleItem();

        (error.File, error.Line, error.Column, error.Code).ShouldBe((OrganizationReader.SpotsFile, 68, column, code));
        error.MessageZh.ShouldContain(c => c >= 0x4E00 && c <= 0x9FFF);
        error.MessageEn.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_spot_may_leave_out_who_of_the_unit_where_exactly_and_what_is_usually_wrong()
    {
        var files = DemoTown.Files();
        files[OrganizationReader.SpotsFile] = "code,area,name,name_en,kind,category,unit,person\nlamp-7,500153003001001,7号路灯,Lamp 7,lamp,street-light,village:500153003001,\n";

        var spot = DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content.Spots.ShouldHaveSingleItem();

        spot.ShouldBe(new Spot("lamp-7", AreaCode.Parse("500153003001001"), "7号路灯", "Lamp 7", "lamp", "street-light", Unit.Parse("village:500153003001")));
        spot.Text().ShouldBe("7号路灯：需要处理");
    }

    [Fact]
    public void An_organization_without_a_file_of_spots_has_none()
    {
        var files = DemoTown.Files();
        files.Remove(OrganizationReader.SpotsFile);

        DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content.Spots.ShouldBeEmpty();
    }

    [Fact]
    public void A_unit_that_ended_has_one_successor_only()
    {
        var files = DemoTown.Files();
        files[OrganizationReader.SuccessorsFile] = "town,ended,successor\n500153003,post:gone,post:ecology\n500153003,post:gone,post:publicity\n";

        DemoTown.Errors(files).Select(error => (error.Line, error.Code)).ShouldBe([(3, "duplicate_code")]);
    }

    /// <summary>The dates of an appointment, and the error of its line.</summary>
    [Theory]
    [InlineData("2026-02-30", "", "from", "broken_date")]
    [InlineData("2.3.2026", "", "from", "broken_date")]
    [InlineData("", "soon", "to", "broken_date")]
    [InlineData("2026-03-02", "2026-03-01", "to", "dates_reversed")]
    public void A_mistake_in_the_dates_of_an_appointment_is_reported_with_its_line(string from, string to, string column, string code)
    {
        var error = DemoTown.Errors(Dated("grid-worker-02", from, to)).ShouldHaveSingleItem();

        (error.File, error.Line, error.Column, error.Code).ShouldBe((Roles, DemoTown.LineOf(Roles, "grid-worker-02,"), column, code));
    }

    [Fact]
    public void An_appointment_may_have_a_first_and_a_last_day()
    {
        var content = DemoTown.Read(Dated("grid-worker-02", "2026-03-01", "2026-03-31")).ShouldBeOfType<OrganizationReading.Complete>().Content;

        content.Appointments.ShouldContain(new Appointment("grid-worker-02", new RoleAt(Role.GridWorker, AreaCode.Parse("500153003001002")), new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31)));
    }

    [Fact]
    public void A_district_whose_last_supervisor_leaves_on_a_day_is_refused() =>
        DemoTown.Errors(Dated("district-supervisor-01", "", "2026-12-31")).ShouldHaveSingleItem().Code.ShouldBe("no_district_supervisor");

    // The demo town's roles with the columns for dates, which may be left out, filled for one person.
    private static Dictionary<string, string> Dated(string person, string from, string to)
    {
        var files = DemoTown.Files();
        files[Roles] = string.Concat(files[Roles].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select((line, n) => n == 0 ? $"{line},from,to\n" : line.StartsWith($"{person},", StringComparison.Ordinal) ? $"{line},{from},{to}\n" : $"{line},,\n"));
        return files;
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_the_one_error_and_names_its_line(string file, string old, string @new, string column, string code)
    {
        var error = DemoTown.ErrorsWith(file, old, @new).Where(error => error.File == file).ShouldHaveSingleItem();

        (error.Column, error.Code).ShouldBe((column, code));
        error.Line.ShouldBe(DemoTown.LineOf(file, old));
        error.MessageZh.ShouldContain(c => c >= 0x4E00 && c <= 0x9FFF);
        error.MessageEn.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("9", "yard_size")]
    [InlineData("31", "yard_size")]
    [InlineData("-10", "broken_number")]
    [InlineData("", "broken_number")]
    public void A_yard_outside_ten_to_thirty_households_is_refused(string households, string code)
    {
        var yard = DemoTown.Files()[Areas].Split('\n').First(line => line.StartsWith("yard,", StringComparison.Ordinal));

        var error = DemoTown.ErrorsWith(Areas, yard, yard[..(yard.LastIndexOf(',') + 1)] + households).ShouldHaveSingleItem();

        error.ShouldSatisfyAllConditions(
            () => error.Code.ShouldBe(code),
            () => error.Column.ShouldBe("households"),
            () => error.Line.ShouldBe(DemoTown.LineOf(Areas, yard)));
    }

    [Theory]
    [InlineData("10")]
    [InlineData("30")]
    public void A_yard_of_ten_or_thirty_households_is_taken(string households)
    {
        var files = DemoTown.Files();
        var yard = files[Areas].Split('\n').First(line => line.StartsWith("yard,", StringComparison.Ordinal));
        files[Areas] = files[Areas].Replace(yard, yard[..(yard.LastIndexOf(',') + 1)] + households, StringComparison.Ordinal);

        DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>();
    }

    [Fact]
    public void A_one_matter_of_more_departments_than_a_whistle_calls_is_refused_with_its_line()
    {
        var codes = Enumerable.Range(1, OneMatter.MostDepartments + 1).Select(number => $"bureau-{number}").ToList();

        var error = DemoTown.Errors(With(codes)).ShouldHaveSingleItem();

        (error.File, error.Column, error.Code).ShouldBe((OneMatters, "departments", "too_many_departments"));
        error.Line.ShouldBe(DemoTown.Files()[OneMatters].Count(letter => letter == '\n') + 1);
        DemoTown.Read(With(codes[1..])).ShouldBeOfType<OrganizationReading.Complete>();

        Dictionary<string, string> With(IReadOnlyList<string> departments)
        {
            var files = DemoTown.Files();
            files[Departments] += string.Concat(codes.Select(code => $"{code},{code}局,{code},\n"));
            files[OneMatters] += $"everything,全部一件事,Everything,{string.Join(' ', departments)},economy\n";
            return files;
        }
    }

    [Fact]
    public void A_second_district_is_refused()
    {
        var files = DemoTown.Files();
        files[Areas] += "district,500154,邻区,Neighbouring District,\n";

        DemoTown.Errors(files).ShouldHaveSingleItem().Code.ShouldBe("one_district");
    }

    [Fact]
    public void A_ring_that_is_not_closed_is_refused_on_the_line_where_it_begins()
    {
        var error = DemoTown.ErrorsWith(Grids, "[105.492729, 29.347578], ", "").ShouldHaveSingleItem();

        error.Code.ShouldBe("ring_not_closed");
        error.Line.ShouldBe(DemoTown.LineOf(Grids, "[105.492729, 29.347578], ") - 1);
    }

    [Fact]
    public void A_ring_without_area_is_refused()
    {
        var errors = DemoTown.Errors(WithFirstGeometry("""{ "type": "Polygon", "coordinates": [[[105.5, 29.3], [105.6, 29.3], [105.5, 29.3], [105.5, 29.3]]] }"""));

        errors.ShouldHaveSingleItem().Code.ShouldBe("ring_empty");
    }

    [Theory]
    [InlineData("""{ "type": "Point", "coordinates": [105.5, 29.3] }""")]
    [InlineData("""{ "type": "Polygon", "coordinates": [] }""")]
    [InlineData("""{ "type": "Polygon" }""")]
    [InlineData("""{ "type": "MultiPolygon", "coordinates": [] }""")]
    [InlineData("null")]
    public void A_geometry_that_is_no_polygon_is_refused(string geometry) =>
        DemoTown.Errors(WithFirstGeometry(geometry)).ShouldHaveSingleItem().Code.ShouldBe("broken_geojson");

    [Fact]
    public void A_multipolygon_with_a_hole_and_altitudes_is_taken()
    {
        var files = WithFirstGeometry("""
            { "type": "MultiPolygon", "coordinates": [
              [[[105.0, 29.0, 300], [105.3, 29.0, 300], [105.3, 29.3, 300], [105.0, 29.3, 300], [105.0, 29.0, 300]],
               [[105.1, 29.1], [105.1, 29.2], [105.2, 29.2], [105.2, 29.1], [105.1, 29.1]]],
              [[[106.0, 29.0], [106.1, 29.0], [106.1, 29.1], [106.0, 29.0]]]] }
            """);

        var town = DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content.On(DemoTown.Today);

        var grid = AreaCode.Parse("500153003001001");
        town.GridAt(new GeoPoint(290500000, 1050500000)).ShouldBe(grid);
        town.GridAt(new GeoPoint(291500000, 1051500000)).ShouldBeNull();
        town.GridAt(new GeoPoint(291000000, 1051500000)).ShouldBe(grid);
        town.GridAt(new GeoPoint(290200000, 1060900000)).ShouldBe(grid);
    }

    [Fact]
    public void A_grid_without_a_border_is_refused_where_the_grid_stands()
    {
        var files = DemoTown.Files();
        files[Grids] = """{ "type": "FeatureCollection", "features": [] }""";

        var errors = DemoTown.Errors(files);

        errors.Count.ShouldBe(21);
        errors.ShouldAllBe(error => error.Code == "grid_without_border");
        errors[0].Line.ShouldBe(DemoTown.LineOf(Areas, "grid,500153003001001,"));
    }

    [Fact]
    public void A_border_without_a_grid_is_refused_where_the_border_stands()
    {
        var errors = DemoTown.ErrorsWith(Grids, "500153003203002", "500153003203009");

        errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            error => error.Code.ShouldBe("unknown_grid"),
            error => error.Line.ShouldBe(DemoTown.LineOf(Grids, "500153003203002")));
    }

    [Fact]
    public void A_grid_without_a_worker_is_refused_where_the_grid_stands()
    {
        var errors = DemoTown.ErrorsWith(Roles, "grid-worker-02,grid_worker,500153003001002,,,,\n", "");

        errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            error => error.Code.ShouldBe("grid_without_worker"),
            error => error.File.ShouldBe(Areas),
            error => error.Line.ShouldBe(DemoTown.LineOf(Areas, "grid,500153003001002,")));
    }

    [Fact]
    public void A_district_without_a_supervisor_is_refused() =>
        DemoTown.ErrorsWith(Roles, "district-supervisor-01,district_supervisor,500153,,,,\n", "").ShouldHaveSingleItem().Code.ShouldBe("no_district_supervisor");

    [Fact]
    public void A_missing_file_is_refused_by_name()
    {
        foreach (var name in OrganizationReader.FileNames)
        {
            var files = DemoTown.Files();
            files.Remove(name);

            DemoTown.Errors(files).ShouldContain(error => error.File == name && error.Line == 1 && error.Code == "missing_file", name);
        }
    }

    [Fact]
    public void An_empty_file_is_refused_by_name()
    {
        foreach (var name in OrganizationReader.FileNames)
        {
            var files = DemoTown.Files();
            files[name] = "";

            DemoTown.Errors(files).Where(error => error.File == name).ShouldHaveSingleItem()
                .Code.ShouldBe(name == Grids ? "broken_json" : "empty_file", name);
        }
    }

    [Fact]
    public void Several_mistakes_are_told_at_once_in_the_order_of_files_and_lines()
    {
        var files = DemoTown.Files();
        files[Roles] = files[Roles].Replace("grid_worker", "grid-worker", StringComparison.Ordinal);
        files[Posts] = files[Posts].Replace("party_building", "party", StringComparison.Ordinal);

        var errors = DemoTown.Errors(files);

        errors.Count(error => error is { File: Posts, Code: "unknown_sector" }).ShouldBe(6);
        errors.Count(error => error is { File: Roles, Code: "unknown_role" }).ShouldBe(22);
        errors.Where(error => error.File == Roles).Select(error => error.Line).ShouldBeInOrder();
        errors.Select(error => OrganizationReader.FileNames.ToList().IndexOf(error.File)).ShouldBeInOrder();
    }

    [Fact]
    public void Byte_order_mark_and_carriage_returns_change_nothing()
    {
        var files = DemoTown.Files().ToDictionary(file => file.Key, file => "\uFEFF" + file.Value.ReplaceLineEndings("\r\n"));

        var town = DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content.On(DemoTown.Today);

        town.Areas.ShouldBe(DemoTown.Directory.Areas);
        town.Posts.ShouldBe(DemoTown.Directory.Posts);
        town.Categories.ShouldBe(DemoTown.Directory.Categories);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Quoted_fields_may_hold_commas_quotes_and_line_breaks_and_later_lines_are_still_counted(string lineBreak)
    {
        var files = DemoTown.Files();
        files[Categories] = files[Categories]
            .Replace("河道污染,River pollution", "\"河道污染\n(含\"\"黑臭\"\"水体)\",\"River pollution, smell\"", StringComparison.Ordinal)
            .Replace("telecom-fraud,", "Telecom,", StringComparison.Ordinal)
            .ReplaceLineEndings(lineBreak);

        DemoTown.Errors(files).ShouldHaveSingleItem().Line.ShouldBe(DemoTown.LineOf(Categories, "telecom-fraud,") + 1);

        files[Categories] = files[Categories].Replace("Telecom,", "telecom-fraud,", StringComparison.Ordinal);
        var category = DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content.On(DemoTown.Today).FindCategory("river-pollution").ShouldNotBeNull();
        category.Name.ShouldBe("河道污染\n(含\"黑臭\"水体)");
        category.NameEn.ShouldBe("River pollution, smell");
    }

    [Theory]
    [InlineData("\"River pollution", "broken_csv")]
    [InlineData("River \"pollution\"", "broken_csv")]
    [InlineData("\"River\" pollution", "broken_csv")]
    [InlineData("River, pollution", "field_count")]
    public void Broken_quoting_is_refused_on_its_line(string name, string code)
    {
        var error = DemoTown.ErrorsWith(Categories, "River pollution", name).Where(error => error.File == Categories).ShouldHaveSingleItem();

        error.Code.ShouldBe(code);
        error.Line.ShouldBe(DemoTown.LineOf(Categories, "River pollution"));
    }

    [Fact]
    public void Blank_lines_and_a_missing_last_line_break_change_nothing()
    {
        var files = DemoTown.Files();
        files[Posts] = files[Posts].Replace("\n", "\n\n", StringComparison.Ordinal).TrimEnd();

        DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content.On(DemoTown.Today).Posts.Count.ShouldBe(30);
    }

    [Fact]
    public void Columns_may_stand_in_any_order()
    {
        var files = DemoTown.Files();
        files[OrganizationReader.DistrictFile] = "time_zone,district\nAsia/Shanghai,500153\n";

        DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>();
    }

    [Fact]
    public void Whatever_stands_in_the_files_the_answer_is_a_directory_or_errors_with_lines_that_exist()
    {
        const string Pieces = ",\"\n\r\t[]{}:-.09aé荣\0\uFEFF\ud83d";
        var random = new Random(500153);
        var good = DemoTown.Files();
        for (var i = 0; i < 400; i++)
        {
            var files = new Dictionary<string, string>(good);
            var name = OrganizationReader.FileNames[i % OrganizationReader.FileNames.Count];
            var text = files[name];
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(4), text.Length - at);
            files[name] = text[..at] + (random.Next(4) > 0 ? Pieces[random.Next(Pieces.Length)].ToString() : "") + text[(at + length)..];

            if (DemoTown.Read(files) is OrganizationReading.Refused refused)
            {
                refused.Errors.ShouldNotBeEmpty();
                refused.Errors.ShouldAllBe(error => error.Line >= 1 && error.Line <= files[error.File].Split('\n').Length);
            }
        }
    }

    [Fact]
    public void Lines_of_nothing_but_commas_as_spreadsheets_leave_them_change_nothing()
    {
        var files = DemoTown.Files();
        files[Posts] = files[Posts].Replace("\n", "\n,,,,\n", StringComparison.Ordinal);

        DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content.Posts.ShouldBe(DemoTown.Content.Posts);
    }

    [Theory]
    [InlineData("[[[105.1,29.1],[105.2,29.2],[105.3,29.1],[105.1,29.25],[105.1,29.1]]]", "ring_crosses_itself")]
    [InlineData("[[[105.1,29.1],[105.2,29.1],[105.2,29.2],[105.1,29.1]],[[105.3,29.1],[105.4,29.1],[105.4,29.2],[105.3,29.1]]]", "hole_outside")]
    [InlineData("[[[29.1,105.1],[29.1,105.2],[29.2,105.2],[29.1,105.1]]]", "point_out_of_range")]
    // In Xinjiang and Tibet swapped degrees are degrees, too.
    [InlineData("[[[43.8,87.6],[43.8,87.7],[43.9,87.7],[43.8,87.6]]]", "point_out_of_range")]
    [InlineData("[[[3621000.5,3245000.5],[3621010.5,3245000.5],[3621010.5,3245010.5],[3621000.5,3245000.5]]]", "point_out_of_range")]
    public void A_border_that_is_none_is_refused_on_the_line_of_its_mistake(string coordinates, string code)
    {
        var files = WithFirstGeometry($"\n{{\"type\":\"Polygon\",\"coordinates\":\n{coordinates}}}");

        var errors = DemoTown.Errors(files);

        errors.Select(error => error.Code).Distinct().ShouldBe([code]);
        errors[0].Line.ShouldBe(DemoTown.LineOf(Grids, "\"geometry\":") + 2);
        if (code == "point_out_of_range" && coordinates.Contains("87.6", StringComparison.Ordinal))
            errors[0].MessageEn.ShouldContain("changed places");
    }

    [Fact]
    public void A_border_of_more_points_than_an_event_holds_is_refused()
    {
        var ring = Enumerable.Range(0, 10_000).Select(i => (105.2 + (0.05 * Math.Cos(i * Math.Tau / 10_000)), 29.2 + (0.05 * Math.Sin(i * Math.Tau / 10_000)))).ToList();
        var points = string.Join(",", ring.Append(ring[0]).Select(point => FormattableString.Invariant($"[{point.Item1},{point.Item2}]")));

        DemoTown.Errors(WithFirstGeometry($"{{\"type\":\"Polygon\",\"coordinates\":[[{points}]]}}")).ShouldHaveSingleItem().Code.ShouldBe("too_many_points");
    }

    [Theory]
    [InlineData("urn:ogc:def:crs:OGC:1.3:CRS84", null)]
    [InlineData("urn:ogc:def:crs:EPSG::4326", null)]
    [InlineData("urn:ogc:def:crs:EPSG::4490", null)]
    [InlineData("urn:ogc:def:crs:EPSG::4547", "unknown_crs")]
    [InlineData("urn:ogc:def:crs:EPSG::3857", "unknown_crs")]
    public void A_map_that_says_its_system_has_to_be_in_degrees_of_this_one(string name, string? code)
    {
        var files = DemoTown.Files();
        var last = files[Grids].LastIndexOf('}');
        files[Grids] = $"{files[Grids][..last]}, \"crs\": {{ \"type\": \"name\", \"properties\": {{ \"name\": \"{name}\" }} }} }}";

        (DemoTown.Read(files) is OrganizationReading.Refused refused ? refused.Errors.ShouldHaveSingleItem().Code : null).ShouldBe(code);
    }

    [Fact]
    public void Borders_drawn_on_a_map_service_are_brought_to_wgs84_where_the_file_says_so()
    {
        var files = DemoTown.Files();
        files[Grids] = files[Grids].Replace("\"type\": \"FeatureCollection\",", "\"type\": \"FeatureCollection\", \"coordinate_system\": \"gcj02\",", StringComparison.Ordinal);
        // The spots lie where the borders were before.
        files.Remove(OrganizationReader.SpotsFile);

        var point = DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Content.Borders[0].Polygons[0][0][0];

        var (latitude, longitude) = Coordinates.ToDegrees(point, CoordinateSystem.Gcj02);
        latitude.ShouldBe(29.347578, 2e-7);
        longitude.ShouldBe(105.492729, 2e-7);
        DemoTown.ErrorsWith(Grids, "\"type\": \"FeatureCollection\",", "\"type\": \"FeatureCollection\", \"coordinate_system\": \"mars\",").ShouldHaveSingleItem().Code.ShouldBe("unknown_crs");
    }

    [Fact]
    public void Grids_that_claim_the_same_ground_are_named_and_grids_that_touch_are_not()
    {
        DemoTown.Read(DemoTown.Files()).ShouldBeOfType<OrganizationReading.Complete>().Warnings.ShouldBeEmpty();

        // The first grid's corner that it shares with the second is drawn some hundred metres into it.
        var files = DemoTown.Files();
        var at = files[Grids].IndexOf("[105.495726, 29.341235]", StringComparison.Ordinal);
        files[Grids] = files[Grids][..at] + "[105.492726, 29.341235]" + files[Grids][(at + 23)..];

        var warning = DemoTown.Read(files).ShouldBeOfType<OrganizationReading.Complete>().Warnings.ShouldHaveSingleItem();

        warning.Code.ShouldBe("borders_overlap");
        warning.MessageEn.ShouldContain("500153003001001 and 500153003001002");
        warning.Line.ShouldBe(DemoTown.LineOf(Grids, "\"code\": \"500153003001002\""));
    }

    private static Dictionary<string, string> WithFirstGeometry(string geometry)
    {
        var files = DemoTown.Files();
        var text = files[Grids];
        var from = text.IndexOf("\"geometry\":", StringComparison.Ordinal) + "\"geometry\":".Length;
        var to = text.IndexOf("\n    },", from, StringComparison.Ordinal);
        files[Grids] = text[..from] + geometry + text[to..];
        return files;
    }
}
