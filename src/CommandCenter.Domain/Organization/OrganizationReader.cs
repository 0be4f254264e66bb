using System.Globalization;
using System.Text.Json;

namespace CommandCenter.Domain.Organization;

/// <summary>
/// Reads the organization from the texts of its files: all of them or none. Pure; the formats are in the README beside the demo town.
/// </summary>
public static class OrganizationReader
{
    public const string DistrictFile = "district.csv";
    public const string AreasFile = "areas.csv";
    public const string PostsFile = "posts.csv";
    public const string PeopleFile = "people.csv";
    public const string RolesFile = "roles.csv";
    public const string CategoriesFile = "categories.csv";
    public const string DepartmentsFile = "departments.csv";
    public const string OneMattersFile = "one-matters.csv";
    public const string GridsFile = "grids.geojson";
    public const string SuccessorsFile = "successors.csv";
    public const string SpotsFile = "spots.csv";

    /// <summary>The files that have to be there, in the order in which errors are listed.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
        [DistrictFile, AreasFile, PostsFile, DepartmentsFile, PeopleFile, RolesFile, CategoriesFile, OneMattersFile, GridsFile];

    /// <summary>The files that may be left out, in the order in which errors are listed after those of the others.</summary>
    public static IReadOnlyList<string> OptionalFileNames { get; } = [SuccessorsFile, SpotsFile];

    /// <param name="files">The texts by file name; other files are ignored.</param>
    public static OrganizationReading Read(IReadOnlyDictionary<string, string> files)
    {
        var draft = new Draft(files);
        return draft.Read() is { } content
            ? new OrganizationReading.Complete(content, draft.Warnings)
            : new OrganizationReading.Refused(
                [.. FileNames.Concat(OptionalFileNames).SelectMany(name => draft.Errors.Where(error => error.File == name).OrderBy(error => error.Line))]);
    }

    /// <summary>Reads the border of a grid from a FeatureCollection of one feature, by the rules of <see cref="GridsFile"/>.</summary>
    /// <returns>Null where something is wrong with it.</returns>
    public static (GridBorder? Border, IReadOnlyList<OrganizationError> Errors) ReadBorder(string geoJson)
    {
        List<OrganizationError> errors = [];
        var read = GridBordersJson.Read(GridsFile, geoJson, errors);
        return (errors.Count == 0 && read.Count == 1 ? read[0].Border : null, errors);
    }

    private sealed class Draft(IReadOnlyDictionary<string, string> files)
    {
        private const int MaxName = 50;
        private const int MaxStandard = 200;
        private const int MinHouseholds = 10;
        private const int MaxHouseholds = 30;

        private static readonly Dictionary<string, Role> Roles = Names<Role>();
        private static readonly Dictionary<string, Sector> Sectors = Names<Sector>();
        private static readonly Dictionary<string, AreaLevel> Levels = Names<AreaLevel>();

        private readonly Dictionary<AreaCode, (int Line, Area Area)> _areas = [];
        private readonly Dictionary<(AreaCode Town, string Code), Post> _posts = [];
        private readonly Dictionary<string, (int Line, PersonName Person)> _people = new(StringComparer.Ordinal);
        private readonly List<Appointment> _seats = [];
        private readonly Dictionary<(Role Role, AreaCode Yard, string? Post), List<(int Line, Appointment Made)>> _yardSeats = [];
        private readonly Dictionary<string, Category> _categories = new(StringComparer.Ordinal);
        private readonly Dictionary<AreaCode, GridBorder> _borders = [];
        private readonly Dictionary<string, (int Line, Department Department)> _departments = new(StringComparer.Ordinal);
        private readonly List<Succession> _successions = [];
        private readonly Dictionary<string, (int Line, OneMatter Matter)> _oneMatters = new(StringComparer.Ordinal);

        private readonly Dictionary<string, (int Line, Spot Spot)> _spots = new(StringComparer.Ordinal);

        private readonly HashSet<string> _faulty = new(StringComparer.Ordinal);
        private int _looked;

        public List<OrganizationError> Errors { get; } = [];

        public List<OrganizationError> Warnings { get; } = [];

        public OrganizationContent? Read()
        {
            foreach (var name in FileNames.Where(name => !files.ContainsKey(name)))
                Fault(name, 1, "", "missing_file", $"缺少文件{name}", $"The file {name} is missing.");

            ReadAreas();
            var zone = ReadDistrict();
            ReadPosts();
            ReadDepartments();
            ReadPeople();
            ReadRoles();
            ReadCategories();
            ReadOneMatters();
            ReadBorders();
            ReadSuccessors();
            ReadSpots();
            CheckTheWhole();
            if (Errors.Count > 0)
                return null;

            return new OrganizationContent(
                _areas.Keys.First(code => code.Level == AreaLevel.District),
                zone!.Id,
                [.. _areas.Values.Select(entry => entry.Area)],
                [.. _borders.Values],
                [.. _posts.Values],
                [.. _departments.Values.Select(entry => entry.Department)],
                [.. _people.Values.Select(entry => entry.Person)],
                _seats,
                [.. _categories.Values],
                _successions,
                [.. _oneMatters.Values.Select(entry => entry.Matter)],
                [.. _spots.Values.Select(entry => entry.Spot)]);
        }

        private TimeZoneInfo? ReadDistrict()
        {
            var rows = Rows(DistrictFile, "district", "time_zone");
            if (rows.Count != 1)
            {
                if (Sound(DistrictFile))
                    Fault(DistrictFile, 1, "", "one_district", "应恰有一个区", "Exactly one district is expected.");
                return null;
            }

            var row = rows[0];
            AreaOf(DistrictFile, row, "district", AreaLevel.District);
            var name = row["time_zone"];
            if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId)
                return zone;

            Fault(DistrictFile, row.Line, "time_zone", "unknown_time_zone", $"未知的时区“{name}”", $"Time zone '{name}' is unknown; the IANA name is expected, such as Asia/Shanghai.");
            return null;
        }

        private void ReadAreas()
        {
            foreach (var row in Rows(AreasFile, "level", "code", "name", "name_en", "households"))
            {
                var before = Errors.Count;
                if (!AreaCode.TryParse(row["code"], out var code))
                {
                    Fault(AreasFile, row.Line, "code", "broken_code", $"“{row["code"]}”不是区划代码", $"'{row["code"]}' is not an area code of 6, 9, 12, 15 or 18 digits.");
                    continue;
                }

                if (!Levels.TryGetValue(row["level"], out var level))
                    Fault(AreasFile, row.Line, "level", "unknown_level", $"未知的层级“{row["level"]}”", $"Level '{row["level"]}' is unknown.");
                else if (level != code.Level)
                    Fault(AreasFile, row.Line, "code", "code_level", $"代码“{code}”的位数与层级{row["level"]}不符", $"Code '{code}' has not the {(int)level} digits of a {row["level"]}.");

                if (_areas.TryGetValue(code, out var first))
                    Fault(AreasFile, row.Line, "code", "duplicate_code", $"代码“{code}”与第{first.Line}行重复", $"Code '{code}' stands on line {first.Line} already.");

                var households = Households(row, code);
                var (name, nameEn) = BothNames(AreasFile, row);
                if (Errors.Count == before)
                    _areas.Add(code, (row.Line, new Area(code, name, nameEn, households)));
            }

            if (!Sound(AreasFile))
                return;

            foreach (var (line, area) in _areas.Values)
            {
                if (area.Code.Parent is { } parent && !_areas.ContainsKey(parent))
                    Fault(AreasFile, line, "code", "parent_missing", $"“{area.Code}”的上级“{parent}”不存在", $"The parent '{parent}' of '{area.Code}' is missing.");
            }

            foreach (var (line, area) in _areas.Values.Where(entry => entry.Area.Code.Level == AreaLevel.District).Skip(1))
                Fault(AreasFile, line, "code", "one_district", $"只能有一个区，多出“{area.Code}”", $"Exactly one district is expected; '{area.Code}' is one too many.");
        }

        private int? Households(CsvRow row, AreaCode code)
        {
            var text = row["households"];
            if (text.Length == 0 && code.Level != AreaLevel.Yard)
                return null;

            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                Fault(AreasFile, row.Line, "households", "broken_number", $"户数“{text}”不是数字", $"'{text}' is not a number of households.");
            else if (code.Level != AreaLevel.Yard)
                Fault(AreasFile, row.Line, "households", "households_of_yard", "只有小院填户数", "Only yards have a number of households.");
            else if (count is < MinHouseholds or > MaxHouseholds)
                Fault(AreasFile, row.Line, "households", "yard_size", $"小院应为{MinHouseholds}–{MaxHouseholds}户，现为{count}户", $"A yard has {MinHouseholds}–{MaxHouseholds} households, not {count}.");
            return count;
        }

        private void ReadPosts()
        {
            foreach (var row in Rows(PostsFile, ["town", "sector", "code", "name", "name_en"], ["enforcement"]))
            {
                var before = Errors.Count;
                var town = AreaOf(PostsFile, row, "town", AreaLevel.Town);
                var sector = SectorOf(PostsFile, row);
                var code = Slug(PostsFile, row, "code");
                var (name, nameEn) = BothNames(PostsFile, row);
                var enforces = Flag(PostsFile, row, "enforcement");
                if (Errors.Count > before)
                    continue;

                if (!_posts.TryAdd((town!.Value, code), new Post(code, town.Value, sector!.Value, name, nameEn, enforces)))
                    Fault(PostsFile, row.Line, "code", "duplicate_code", $"岗“{code}”重复", $"Post '{code}' occurs twice in town {town}.");
            }
        }

        private void ReadDepartments()
        {
            foreach (var row in Rows(DepartmentsFile, "code", "name", "name_en", "remit"))
            {
                var before = Errors.Count;
                var code = Slug(DepartmentsFile, row, "code");
                var (name, nameEn) = BothNames(DepartmentsFile, row);
                if (_departments.TryGetValue(code, out var first))
                    Fault(DepartmentsFile, row.Line, "code", "duplicate_code", $"部门“{code}”与第{first.Line}行重复", $"Department '{code}' stands on line {first.Line} already.");
                if (Errors.Count == before)
                    _departments.Add(code, (row.Line, new Department(code, name, nameEn, row["remit"].Split(' ', StringSplitOptions.RemoveEmptyEntries))));
            }
        }

        private void ReadPeople()
        {
            foreach (var row in Rows(PeopleFile, "id", "name", "name_en"))
            {
                var before = Errors.Count;
                var id = Slug(PeopleFile, row, "id");
                var (name, nameEn) = BothNames(PeopleFile, row);
                if (_people.TryGetValue(id, out var first))
                    Fault(PeopleFile, row.Line, "id", "duplicate_code", $"人员“{id}”与第{first.Line}行重复", $"Person '{id}' stands on line {first.Line} already.");
                if (Errors.Count == before)
                    _people.Add(id, (row.Line, new PersonName(id, name, nameEn)));
            }
        }

        private void ReadRoles()
        {
            var seen = new Dictionary<(string Person, RoleAt Seat), List<Appointment>>();
            foreach (var row in Rows(RolesFile, ["person", "role", "place", "sector", "post", "department", "acting"], ["from", "to"]))
            {
                var before = Errors.Count;
                if (!_people.ContainsKey(row["person"]) && Sound(PeopleFile))
                    Fault(RolesFile, row.Line, "person", "unknown_person", $"未知的人员“{row["person"]}”", $"Person '{row["person"]}' is unknown.");

                if (!Roles.TryGetValue(row["role"], out var role) || Seats.PlacesOf(role).Count == 0)
                {
                    Fault(RolesFile, row.Line, "role", "unknown_role", $"未知的角色“{row["role"]}”", $"Role '{row["role"]}' is unknown or nobody can be appointed to it.");
                    continue;
                }

                var place = AreaOf(RolesFile, row, "place", [.. Seats.PlacesOf(role)]);
                var acting = row["acting"] == "true";
                if (row["acting"] is not ("" or "true" or "false"))
                    Fault(RolesFile, row.Line, "acting", "broken_flag", $"“{row["acting"]}”应为true、false或空", $"'{row["acting"]}' has to be true, false or empty.");

                var (from, to) = (DayOf(RolesFile, row, "from"), DayOf(RolesFile, row, "to"));
                if (to < from)
                    Fault(RolesFile, row.Line, "to", "dates_reversed", "任期止于任期始之前", "The last day lies before the first.");
                var (sector, post) = SeatOf(row, role, place);
                var department = DepartmentOf(row, role);
                // A post that could not be looked up, because its file is faulty, is none.
                if (Errors.Count > before || place is null || (role is Role.PostHandler or Role.YardStaff && post is null))
                    continue;

                var made = new Appointment(row["person"], new RoleAt(role, place.Value, sector, post, acting, department), from, to);
                var key = (made.Person, made.Seat with { Acting = false });
                if (!seen.TryGetValue(key, out var others))
                    seen.Add(key, others = []);
                if (others.Exists(other => Overlap(other, made)))
                    Fault(RolesFile, row.Line, "role", "duplicate_role", "同一人的同一角色重复", "The same person has the same role at this place already.");
                else
                {
                    CheckYardSeat(row.Line, made);
                    _seats.Add(made);
                }

                others.Add(made);
            }
        }

        // 一长三员 (S1-04): a yard has one head, and one person in each of the three staff seats; who acts for a vacant one comes beside nobody.
        private void CheckYardSeat(int line, Appointment made)
        {
            if (made.Seat.Role is not (Role.YardHead or Role.YardStaff))
                return;
            var seat = (made.Seat.Role, made.Seat.Place, made.Seat.Post);
            if (!_yardSeats.TryGetValue(seat, out var others))
                _yardSeats.Add(seat, others = []);
            var at = others.FindIndex(other => Overlap(other.Made, made));
            others.Add((line, made));
            if (at < 0)
                return;
            var (zh, en) = made.Seat.Post is { } post ? (YardStaff.NameOf(post).Zh, YardStaff.NameOf(post).En) : ("院长", "head");
            Fault(RolesFile, line, "role", "yard_seat_taken", $"小院“{made.Seat.Place}”只有一名{zh}，第{others[at].Line}行已有", $"Yard '{made.Seat.Place}' has one {en}, who stands on line {others[at].Line} already.");
        }

        private static bool Overlap(Appointment one, Appointment other) =>
            (one.From ?? DateOnly.MinValue) <= (other.To ?? DateOnly.MaxValue) && (other.From ?? DateOnly.MinValue) <= (one.To ?? DateOnly.MaxValue);

        private DateOnly? DayOf(string file, CsvRow row, string column)
        {
            if (row[column].Length == 0)
                return null;
            if (DateOnly.TryParseExact(row[column], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                return day;
            Fault(file, row.Line, column, "broken_date", $"“{row[column]}”应为日期，如2026-03-02", $"'{row[column]}' has to be a date such as 2026-03-02.");
            return null;
        }

        private (Sector? Sector, string? Post) SeatOf(CsvRow row, Role role, AreaCode? place)
        {
            // A leader in charge without a sector is in charge of all.
            var wantsSector = role == Role.SectorLead || (role is Role.PostHandler or Role.DistrictLeader && row["sector"].Length > 0);
            Sector? sector = null;
            if (wantsSector)
                sector = SectorOf(RolesFile, row);
            else if (row["sector"].Length > 0)
                Fault(RolesFile, row.Line, "sector", "not_of_this_role", $"角色{row["role"]}没有板块", $"The role {row["role"]} has no sector.");

            if (role == Role.YardStaff)
            {
                if (YardStaff.Posts.Contains(row["post"]))
                    return (sector, row["post"]);
                Fault(RolesFile, row.Line, "post", "unknown_yard_post", $"“{row["post"]}”不是小院三员，应为：{string.Join("、", YardStaff.Posts)}", $"'{row["post"]}' is none of a yard's staff: {string.Join(", ", YardStaff.Posts)}.");
                return (sector, null);
            }

            if (role != Role.PostHandler)
            {
                if (row["post"].Length > 0)
                    Fault(RolesFile, row.Line, "post", "not_of_this_role", $"角色{row["role"]}没有岗", $"The role {row["role"]} has no post.");
                return (sector, null);
            }

            if (place is null || !Sound(PostsFile))
                return (sector, null);

            if (!_posts.TryGetValue((place.Value, row["post"]), out var post))
            {
                Fault(RolesFile, row.Line, "post", "unknown_post", $"镇街{place}没有岗“{row["post"]}”", $"Town {place} has no post '{row["post"]}'.");
                return (sector, null);
            }

            if (sector is not null && sector != post.Sector)
                Fault(RolesFile, row.Line, "sector", "sector_mismatch", $"岗“{post.Code}”不属于板块{row["sector"]}", $"Post '{post.Code}' is not in sector {row["sector"]}.");
            return (post.Sector, post.Code);
        }

        private string? DepartmentOf(CsvRow row, Role role)
        {
            var code = row["department"];
            if (role != Role.Department)
            {
                if (code.Length > 0)
                    Fault(RolesFile, row.Line, "department", "not_of_this_role", $"角色{row["role"]}没有部门", $"The role {row["role"]} has no department.");
                return null;
            }

            if (!_departments.ContainsKey(code) && Sound(DepartmentsFile))
                Fault(RolesFile, row.Line, "department", "unknown_department", $"未知的部门“{code}”", $"Department '{code}' is unknown.");
            return code;
        }

        private void ReadCategories()
        {
            foreach (var row in Rows(CategoriesFile, "code", "name", "name_en", "sector", "default_post", "photo_needed", "rating_needed", "standard", "standard_en"))
            {
                var before = Errors.Count;
                var code = Slug(CategoriesFile, row, "code");
                var (name, nameEn) = BothNames(CategoriesFile, row);
                var sector = SectorOf(CategoriesFile, row);
                var post = row["default_post"];
                if (sector is not null && Sound(PostsFile) && Sound(AreasFile))
                    CheckDefaultPost(row, sector.Value, post);
                var closing = ClosingOf(row);
                if (Errors.Count > before)
                    continue;

                if (!_categories.TryAdd(code, new Category(code, name, nameEn, sector!.Value, post, closing)))
                    Fault(CategoriesFile, row.Line, "code", "duplicate_code", $"类别“{code}”重复", $"Category '{code}' occurs twice.");
            }
        }

        private void ReadOneMatters()
        {
            foreach (var row in Rows(OneMattersFile, "code", "name", "name_en", "departments", "sectors"))
            {
                var before = Errors.Count;
                var code = Slug(OneMattersFile, row, "code");
                var (name, nameEn) = BothNames(OneMattersFile, row);
                if (_oneMatters.TryGetValue(code, out var first))
                    Fault(OneMattersFile, row.Line, "code", "duplicate_code", $"一件事“{code}”与第{first.Line}行重复", $"One matter '{code}' stands on line {first.Line} already.");

                string[] departments = Words(row, "departments"), sectors = Words(row, "sectors");
                if (departments.Length == 0)
                    Fault(OneMattersFile, row.Line, "departments", "no_department", "一件事至少要有一个部门", "A one-matter template calls at least one department.");
                if (departments.Length > OneMatter.MostDepartments)
                    Fault(OneMattersFile, row.Line, "departments", "too_many_departments", $"一件事最多{OneMatter.MostDepartments}个部门，此处有{departments.Length}个", $"A one-matter template calls at most {OneMatter.MostDepartments} departments; here are {departments.Length}.");
                foreach (var unknown in departments.Where(department => !_departments.ContainsKey(department) && Sound(DepartmentsFile)))
                    Fault(OneMattersFile, row.Line, "departments", "unknown_department", $"未知的部门“{unknown}”", $"Department '{unknown}' is unknown.");
                foreach (var unknown in sectors.Where(sector => !Sectors.ContainsKey(sector)))
                    Fault(OneMattersFile, row.Line, "sectors", "unknown_sector", $"未知的板块“{unknown}”", $"Sector '{unknown}' is unknown.");
                if (Errors.Count == before)
                    _oneMatters.Add(code, (row.Line, new OneMatter(code, name, nameEn, departments, [.. sectors.Select(sector => Sectors[sector])])));
            }

            string[] Words(CsvRow row, string column)
            {
                var words = row[column].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                foreach (var twice in words.GroupBy(word => word, StringComparer.Ordinal).Where(same => same.Count() > 1))
                    Fault(OneMattersFile, row.Line, column, "duplicate_word", $"“{twice.Key}”重复", $"'{twice.Key}' occurs twice.");
                return words;
            }
        }

        private ClosingStandard? ClosingOf(CsvRow row)
        {
            var (photo, rating) = (Flag(CategoriesFile, row, "photo_needed"), Flag(CategoriesFile, row, "rating_needed"));
            foreach (var column in (string[])["standard", "standard_en"])
            {
                if (row[column].Length > MaxStandard || row[column].Any(char.IsControl))
                    Fault(CategoriesFile, row.Line, column, "standard_length", $"结案标准至多{MaxStandard}个字符，不含控制字符", $"A closing standard has at most {MaxStandard} characters and no control characters.");
            }

            if (row["standard"].Length == 0 != (row["standard_en"].Length == 0))
                Fault(CategoriesFile, row.Line, "standard", "standard_in_both", "结案标准应有中英两种文字", "A closing standard stands in both languages.");
            return photo || rating || row["standard"].Length > 0 ? new ClosingStandard(row["standard"], row["standard_en"], photo, rating) : null;
        }

        private bool Flag(string file, CsvRow row, string column)
        {
            if (row[column] is not ("" or "true" or "false"))
                Fault(file, row.Line, column, "broken_flag", $"“{row[column]}”应为true、false或空", $"'{row[column]}' has to be true, false or empty.");
            return row[column] == "true";
        }

        // A category holds for the whole district, so each town must be able to dispatch it.
        private void CheckDefaultPost(CsvRow row, Sector sector, string post)
        {
            List<AreaCode> towns = [.. _areas.Keys.Where(code => code.Level == AreaLevel.Town)];
            List<AreaCode> without = [.. towns.Where(town => !_posts.ContainsKey((town, post)))];
            if (without.Count > 0)
                Fault(CategoriesFile, row.Line, "default_post", "unknown_post", $"镇街{string.Join('、', without)}没有岗“{post}”", $"Town {string.Join(", ", without)} has no post '{post}'.");
            else if (towns.Any(town => _posts[(town, post)].Sector != sector))
                Fault(CategoriesFile, row.Line, "sector", "sector_mismatch", $"岗“{post}”不属于板块{row["sector"]}", $"Post '{post}' is not in sector {row["sector"]}.");
        }

        private void ReadBorders()
        {
            if (!files.TryGetValue(GridsFile, out var text))
                return;

            var borders = GridBordersJson.Read(GridsFile, text, Errors);
            foreach (var (line, border) in borders)
            {
                if (!_areas.ContainsKey(border.Grid) && Sound(AreasFile))
                    Fault(GridsFile, line, "code", "unknown_grid", $"网格“{border.Grid}”不存在", $"Grid '{border.Grid}' is unknown.");
                if (!_borders.TryAdd(border.Grid, border))
                    Fault(GridsFile, line, "code", "duplicate_code", $"网格“{border.Grid}”的边界重复", $"The border of grid '{border.Grid}' occurs twice.");
            }

            // Borders drawn one by one never fit to the last metre, so this is said and not refused.
            foreach (var (first, second) in Sound(GridsFile) ? GridOverlaps.Of(borders) : [])
            {
                Warnings.Add(new(GridsFile, second.Line, "coordinates", "borders_overlap", $"网格{first.Border.Grid}与{second.Border.Grid}的边界重叠：两处都在内的点归{first.Border.Grid}",
                    $"The borders of grids {first.Border.Grid} and {second.Border.Grid} overlap: a point in both belongs to {first.Border.Grid}."));
            }
        }

        private void ReadSuccessors()
        {
            foreach (var row in Rows(SuccessorsFile, "town", "ended", "successor"))
            {
                var before = Errors.Count;
                AreaCode? town = null;
                var (ended, successor) = (UnitOf(SuccessorsFile, row, "ended"), UnitOf(SuccessorsFile, row, "successor"));
                if (ended is null || successor is null)
                    continue;
                if (ended.Value.Kind != successor.Value.Kind)
                    Fault(SuccessorsFile, row.Line, "successor", "other_kind", "承接单位应与原单位同类", "A unit is succeeded by one of its own kind.");
                if (ended.Value.Kind == UnitKind.Post)
                    town = AreaOf(SuccessorsFile, row, "town", AreaLevel.Town);
                else if (row["town"].Length > 0)
                    Fault(SuccessorsFile, row.Line, "town", "not_of_this_unit", "只有岗填镇街", "Only posts have a town.");
                if (Errors.Count > before)
                    continue;

                if (IsThere(ended.Value, town))
                    Fault(SuccessorsFile, row.Line, "ended", "not_ended", $"“{ended}”还在，无须承接", $"'{ended}' is still there, so nobody can succeed it.");
                if (!IsThere(successor.Value, town))
                    Fault(SuccessorsFile, row.Line, "successor", "unknown_unit", $"没有“{successor}”", $"There is no '{successor}'.");
                if (_successions.Exists(other => other.Ended == ended && other.Town == town))
                    Fault(SuccessorsFile, row.Line, "ended", "duplicate_code", $"“{ended}”重复", $"'{ended}' occurs twice.");
                if (Errors.Count == before)
                    _successions.Add(new Succession(ended.Value, successor.Value, town));
            }
        }

        private Unit? UnitOf(string file, CsvRow row, string column)
        {
            if (Unit.TryParse(row[column], out var unit))
                return unit;
            Fault(file, row.Line, column, "broken_unit", $"“{row[column]}”应如post:ecology、department:water、village:500153003001、grid:500153003001001", $"'{row[column]}' has to be such as post:ecology, department:water, village:500153003001 or grid:500153003001001.");
            return null;
        }

        private void ReadSpots()
        {
            foreach (var row in Rows(SpotsFile, ["code", "area", "name", "name_en", "kind", "category", "unit", "person"], ["latitude", "longitude", "report", "report_en"]))
            {
                var before = Errors.Count;
                var (code, kind) = (Slug(SpotsFile, row, "code"), Slug(SpotsFile, row, "kind"));
                var (name, nameEn) = BothNames(SpotsFile, row);
                if (_spots.TryGetValue(code, out var first))
                    Fault(SpotsFile, row.Line, "code", "duplicate_code", $"点位“{code}”与第{first.Line}行重复", $"Spot '{code}' stands on line {first.Line} already.");
                if (!_categories.ContainsKey(row["category"]) && Sound(CategoriesFile))
                    Fault(SpotsFile, row.Line, "category", "unknown_category", $"未知的类别“{row["category"]}”", $"Category '{row["category"]}' is unknown.");
                var area = AreaOf(SpotsFile, row, "area", AreaLevel.Grid, AreaLevel.Yard);
                var unit = UnitOf(SpotsFile, row, "unit");
                if (area is { } place && unit is { } given)
                    CheckSpot(row, place, given);
                var point = PointOf(row, area);
                var report = ReportOf(row);
                if (Errors.Count == before)
                    _spots.Add(code, (row.Line, new Spot(code, area!.Value, name, nameEn, kind, row["category"], unit!.Value, row["person"].Length > 0 ? row["person"] : null, point, report)));
            }
        }

        private void CheckSpot(CsvRow row, AreaCode area, Unit unit)
        {
            var town = area.At(AreaLevel.Town)!.Value;
            // A department is given what a leader of the town raised to the district, and nothing by itself (S0-09).
            if (unit.Kind == UnitKind.Department)
                Fault(SpotsFile, row.Line, "unit", "unit_of_district", "区级部门只接区级大事，点位请填镇街岗位、村(社区)或网格", "A department of the district gets district matters only; name a post of the town, a village or a grid.");
            else if (!IsThere(unit, town) && Sound(unit.Kind == UnitKind.Post ? PostsFile : AreasFile))
                Fault(SpotsFile, row.Line, "unit", "unknown_unit", $"镇街{town}没有“{unit}”", $"There is no '{unit}' in town {town}.");
            else if (unit.Area is { } around && !around.Contains(area))
                Fault(SpotsFile, row.Line, "unit", "unit_elsewhere", $"“{unit}”不含点位所在的“{area}”", $"'{unit}' does not hold '{area}', in which the spot stands.");
            else if (row["person"] is { Length: > 0 } person && Sound(PeopleFile) && Sound(RolesFile))
                CheckPerson(row, person, unit, town);
        }

        private void CheckPerson(CsvRow row, string person, Unit unit, AreaCode town)
        {
            if (!_people.ContainsKey(person))
                Fault(SpotsFile, row.Line, "person", "unknown_person", $"未知的人员“{person}”", $"Person '{person}' is unknown.");
            else if (!_seats.Exists(made => made.Person == person && unit.IsSeat(made.Seat, town)))
                Fault(SpotsFile, row.Line, "person", "not_of_unit", $"“{person}”不在“{unit}”任职", $"'{person}' has no seat at '{unit}'.");
        }

        private GeoPoint? PointOf(CsvRow row, AreaCode? area)
        {
            var (latitude, longitude) = (row["latitude"], row["longitude"]);
            if (latitude.Length == 0 && longitude.Length == 0)
                return null;
            if (!double.TryParse(latitude, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var north)
                || !double.TryParse(longitude, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var east)
                || Coordinates.FromDegrees(north, east, CoordinateSystem.Wgs84) is not GeoPointReading.Read { Point: var point })
            {
                Fault(SpotsFile, row.Line, latitude.Length == 0 || longitude.Length > 0 ? "latitude" : "longitude", "point_out_of_range", "经纬度应成对，为 WGS-84 的十进制度数", "Latitude and longitude are given together, in decimal degrees of WGS-84.");
                return null;
            }

            if (area?.At(AreaLevel.Grid) is { } grid && _borders.TryGetValue(grid, out var border) && Sound(GridsFile) && !border.Holds(point))
                Fault(SpotsFile, row.Line, "latitude", "point_elsewhere", $"该点不在网格“{grid}”内", $"The point does not lie in grid '{grid}'.");
            return point;
        }

        private Message? ReportOf(CsvRow row)
        {
            var (zh, en) = (row["report"], row["report_en"]);
            foreach (var column in (string[])["report", "report_en"])
            {
                if (row[column].Length > MaxName || row[column].Any(IsUnprintable))
                    Fault(SpotsFile, row.Line, column, "report_length", $"上报内容至多{MaxName}个字符，不含控制字符", $"What is reported has at most {MaxName} characters and no control characters.");
            }

            if (zh.Length == 0 != (en.Length == 0))
                Fault(SpotsFile, row.Line, "report", "report_in_both", "上报内容应有中英两种文字", "What is reported stands in both languages.");
            return zh.Length > 0 ? new Message(zh, en) : null;
        }

        // What cannot be looked up because of faulty lines passes for there.
        private bool IsThere(Unit unit, AreaCode? town) => unit.Kind switch
        {
            UnitKind.Post => _posts.ContainsKey((town!.Value, unit.Code)),
            UnitKind.Department => _departments.ContainsKey(unit.Code),
            _ => _areas.ContainsKey(unit.Area!.Value),
        };

        // What is missing from a file with faulty lines may be in those lines, so it is not complained about.
        private void CheckTheWhole()
        {
            if (!Sound(AreasFile))
                return;

            bool rolesSound = Sound(RolesFile), bordersSound = Sound(GridsFile);
            if (rolesSound && !_seats.Any(held => held.Seat.Role == Role.DistrictSupervisor && held.To is null))
                Fault(RolesFile, 1, "role", "no_district_supervisor", "缺少区级督办", "Nobody is the district's supervisor, with whom every escalation ends.");

            foreach (var (line, department) in _departments.Values.Where(_ => Sound(CategoriesFile)))
            {
                foreach (var unknown in department.Remit.Where(category => !_categories.ContainsKey(category)))
                    Fault(DepartmentsFile, line, "remit", "unknown_category", $"未知的类别“{unknown}”", $"Category '{unknown}' is unknown.");
            }

            var worked = _seats.Where(held => held.Seat.Role == Role.GridWorker).Select(held => held.Seat.Place).ToHashSet();
            foreach (var (line, area) in _areas.Values.Where(entry => entry.Area.Code.Level == AreaLevel.Grid))
            {
                if (rolesSound && !worked.Contains(area.Code))
                    Fault(AreasFile, line, "code", "grid_without_worker", $"网格“{area.Code}”没有网格员", $"Grid '{area.Code}' has no grid worker.");
                if (bordersSound && !_borders.ContainsKey(area.Code))
                    Fault(AreasFile, line, "code", "grid_without_border", $"网格“{area.Code}”没有边界", $"Grid '{area.Code}' has no border.");
            }

            if (rolesSound)
                WarnOfVacantYardSeats();
        }

        // Only said, not refused: between two elections a yard has no head, and the seat above answers meanwhile.
        private void WarnOfVacantYardSeats()
        {
            var held = _seats.Where(made => made.To is null && made.Seat.Role is Role.YardHead or Role.YardStaff).Select(made => (made.Seat.Place, made.Seat.Post)).ToHashSet();
            foreach (var (line, area) in _areas.Values.Where(entry => entry.Area.Code.Level == AreaLevel.Yard))
            {
                List<Message> vacant =
                [
                    .. held.Contains((area.Code, null)) ? (Message[])[] : [new Message("院长", "head")],
                    .. YardStaff.Posts.Where(post => !held.Contains((area.Code, post))).Select(YardStaff.NameOf),
                ];
                if (vacant.Count > 0)
                {
                    Warnings.Add(new(AreasFile, line, "code", "yard_seat_vacant",
                        $"小院“{area.Code}”缺{string.Join("、", vacant.Select(words => words.Zh))}", $"Yard '{area.Code}' has no {string.Join(", no ", vacant.Select(words => words.En))}."));
                }
            }
        }

        private AreaCode? AreaOf(string file, CsvRow row, string column, params ReadOnlySpan<AreaLevel> levels)
        {
            var text = row[column];
            if (!AreaCode.TryParse(text, out var code) || (!_areas.ContainsKey(code) && Sound(AreasFile)))
            {
                Fault(file, row.Line, column, "unknown_place", $"未知的区划“{text}”", $"Area '{text}' is unknown.");
                return null;
            }

            if (levels.Contains(code.Level))
                return code;

            var wanted = string.Join(" / ", levels.ToArray().Select(JsonName));
            Fault(file, row.Line, column, "place_level", $"区划“{text}”的层级应为{wanted}", $"Area '{text}' has to be a {wanted}.");
            return null;
        }

        private Sector? SectorOf(string file, CsvRow row)
        {
            if (Sectors.TryGetValue(row["sector"], out var sector))
                return sector;

            Fault(file, row.Line, "sector", "unknown_sector", $"未知的板块“{row["sector"]}”", $"Sector '{row["sector"]}' is unknown.");
            return null;
        }

        private string Slug(string file, CsvRow row, string column)
        {
            var text = row[column];
            if (text.Length is 0 or > MaxName || !char.IsAsciiLetterLower(text[0]) || !text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
                Fault(file, row.Line, column, "broken_code", $"“{text}”应为小写字母、数字和连字符，以字母开头", $"'{text}' has to be lower-case letters, digits and dashes, beginning with a letter.");
            return text;
        }

        private (string Name, string NameEn) BothNames(string file, CsvRow row)
        {
            foreach (var column in (string[])["name", "name_en"])
            {
                var text = row[column];
                if (text.Length is 0 or > MaxName)
                    Fault(file, row.Line, column, "name_length", $"名称应为1–{MaxName}个字符", $"A name has 1–{MaxName} characters.");
                else if (text.Any(IsUnprintable))
                    Fault(file, row.Line, column, "control_character", "名称含控制字符", "The name contains a control character.");
            }

            return (row["name"], row["name_en"]);
        }

        // Marks that turn the direction of writing make a name read as another one.
        private static bool IsUnprintable(char c) => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

        private List<CsvRow> Rows(string file, params string[] columns) => Rows(file, columns, []);

        private List<CsvRow> Rows(string file, IReadOnlyList<string> columns, IReadOnlyList<string> optional) =>
            files.TryGetValue(file, out var text) ? CsvTable.Read(file, text, columns, Errors, optional) : [];

        // Asked for every line, so that a file with a mistake on each must not be searched again every time.
        private bool Sound(string file)
        {
            for (; _looked < Errors.Count; _looked++)
                _faulty.Add(Errors[_looked].File);
            return !_faulty.Contains(file);
        }

        private void Fault(string file, int line, string column, string code, string zh, string en) =>
            Errors.Add(new(file, line, column, code, zh, en));

        private static Dictionary<string, T> Names<T>()
            where T : struct, Enum =>
            Enum.GetValues<T>().ToDictionary(JsonName, StringComparer.Ordinal);

        private static string JsonName<T>(T value)
            where T : struct, Enum =>
            JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
    }
}
