using System.Text.Json.Nodes;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class DeadlinePolicyReaderTests
{
    private static readonly string Shipped = RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-1.json");

    [Fact]
    public void The_shipped_policies_are_read_without_error()
    {
        foreach (var file in RepositoryFiles.Below("src/CommandCenter.Host/Deadlines/policies", "*.json"))
        {
            var (policy, errors) = DeadlinePolicyReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", file));

            errors.ShouldBeEmpty(file);
            policy!.Version.ShouldBe(Path.GetFileNameWithoutExtension(file), "a policy file is named for its version");
        }
    }

    [Fact]
    public void The_shipped_policy_has_one_rule_for_every_clock_and_urgency()
    {
        foreach (var clock in Enum.GetValues<Clock>())
        {
            foreach (var urgency in Enum.GetValues<Urgency>())
                Policy.RuleFor(clock, urgency).Ladder.ShouldNotBeEmpty($"{clock} {urgency}");
        }

        Policy.Rules.Count.ShouldBe(Enum.GetValues<Clock>().Length * Enum.GetValues<Urgency>().Length);
    }

    [Fact]
    public void The_shipped_hard_limit_is_thirty_natural_days_and_ends_in_listed_supervision()
    {
        foreach (var urgency in Enum.GetValues<Urgency>())
        {
            var rule = Rule(Clock.HardLimit, urgency);
            rule.Limit.ShouldBe(new Limit(30, TimeUnit.NaturalDays));
            rule.Ladder[^1].Level.ShouldBe(EscalationLevel.ListedSupervision);
            rule.Ladder[^1].Offset.Amount.ShouldBe(0);
        }
    }

    [Fact]
    public void A_rule_that_a_policy_does_not_have_is_named() =>
        Should.Throw<KeyNotFoundException>(() => new DeadlinePolicy("empty", []).RuleFor(Clock.Handle, Urgency.Urgent)).Message.ShouldContain("Handle of Urgent");

    [Fact]
    public void A_missing_rule_is_an_error() => Error(p => Rules(p).RemoveAt(0)).ShouldBe("line 1: Accept of Normal cases has 0 rules instead of one.");

    [Fact]
    public void A_second_rule_for_the_same_cases_is_an_error() =>
        Error(p => Rules(p).Add(Rules(p)[0]!.DeepClone())).ShouldBe("line 1: Accept of Normal cases has 2 rules instead of one.");

    [Fact]
    public void An_empty_version_is_an_error() => Error(p => p["version"] = "").ShouldBe("line 1: The version has 1 to 50 characters.");

    [Fact]
    public void A_version_of_51_characters_is_an_error() => Error(p => p["version"] = new string('v', 51)).ShouldBe("line 1: The version has 1 to 50 characters.");

    [Theory]
    [InlineData(0)]
    [InlineData(-15)]
    public void A_limit_that_is_not_positive_is_an_error(int amount) =>
        Errors(p => Rules(p)[0]!["limit"]!["amount"] = amount).ShouldContain(error => error.EndsWith("Accept of Normal cases: a limit is positive.", StringComparison.Ordinal));

    [Theory]
    [InlineData("urgent_minutes")]
    [InlineData("natural_days")]
    [InlineData("working_minutes")]
    [InlineData("working_days")]
    public void A_limit_of_more_than_ten_years_is_an_error_and_no_crash(string unit)
    {
        Errors(p => Rules(p)[0]!["limit"] = Span(int.MaxValue, unit)).ShouldContain(error => error.EndsWith("Accept of Normal cases: a limit is at most ten years.", StringComparison.Ordinal));
        Errors(p => Step(p, 0, 0)["offset"] = Span(int.MaxValue, unit)).ShouldContain(error => error.EndsWith("Accept of Normal cases: a step lies at most ten years from the deadline.", StringComparison.Ordinal));
        Errors(p => Step(p, 6, 0)["offset"] = Span(int.MinValue, unit)).ShouldContain(error => error.EndsWith("Handle of Normal cases: a step lies at most ten years from the deadline.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_ladder_without_steps_is_an_error() =>
        Error(p => Rules(p)[0]!["ladder"] = new JsonArray()).ShouldEndWith("Accept of Normal cases: the ladder has no escalation, so lateness would climb to nobody.");

    [Fact]
    public void A_ladder_with_a_warning_only_is_an_error() =>
        Error(p => Rules(p)[6]!["ladder"] = new JsonArray(Step(p, 6, 0).DeepClone())).ShouldEndWith("Handle of Normal cases: the ladder has no escalation, so lateness would climb to nobody.");

    [Fact]
    public void Two_steps_of_one_name_are_an_error() =>
        Error(p => Step(p, 0, 1)["name"] = "overdue").ShouldEndWith("Accept of Normal cases: two steps have the same name.");

    [Theory]
    [InlineData("")]
    [InlineData("Sector")]
    [InlineData("sector/lead")]
    [InlineData("sector_lead")]
    [InlineData("板块")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void A_step_name_that_no_timer_can_have_is_an_error(string name) =>
        Error(p => Step(p, 0, 1)["name"] = name).ShouldEndWith("Accept of Normal cases: a step's name is lower-case ASCII with dashes.");

    [Fact]
    public void A_warning_with_a_level_is_an_error() =>
        Error(p => Step(p, 6, 0)["level"] = "responsible").ShouldContain("a warning lies before the deadline and has no level");

    [Fact]
    public void An_escalation_without_a_level_is_an_error() =>
        Error(p => Step(p, 0, 1).AsObject().Remove("level")).ShouldContain("an escalation lies at or after it and has one");

    [Fact]
    public void A_ladder_for_rating_that_does_not_end_with_a_closed_case_is_an_error()
    {
        Errors(p => Step(p, Rate(p), 1).AsObject().Remove("closes")).ShouldContain(error => error.EndsWith("Rate of Normal cases: a ladder for rating ends with the one step that closes the case, and no other ladder has one.", StringComparison.Ordinal));
        Errors(p => Step(p, 0, 2)["closes"] = true).ShouldContain(error => error.EndsWith("Accept of Normal cases: a ladder for rating ends with the one step that closes the case, and no other ladder has one.", StringComparison.Ordinal));
        Error(p => Step(p, Rate(p), 1)["level"] = "responsible").ShouldContain("a step that closes lies at or after it and has none");
    }

    [Fact]
    public void A_policy_without_limits_for_whistles_is_an_error() => Error(p => p.AsObject().Remove("whistles")).ShouldBe("line 1: The policy has no limits for whistles.");

    [Theory]
    [InlineData("route", 0, "a limit is positive.")]
    [InlineData("advise", 99_999, "a limit is at most ten years.")]
    public void A_limit_for_whistles_that_cannot_be_is_an_error_with_its_line(string step, int amount, string error)
    {
        int LineOf(string text) => Array.FindIndex(Shipped.Split('\n'), line => line.Contains(text, StringComparison.Ordinal)) + 1;
        var text = Shipped.Replace($"\"{step}\": {{\"limit\": {{\"amount\": {(step == "route" ? 10 : 1)}", $"\"{step}\": {{\"limit\": {{\"amount\": {amount}", StringComparison.Ordinal);

        DeadlinePolicyReader.Read(text).Errors.ShouldBe([$"line {LineOf($"\"{step}\": {{\"limit\"")}: {step}: {error}"]);
        DeadlinePolicyReader.Read(Shipped.Replace("\"minimumSample\": 5", "\"minimumSample\": 0", StringComparison.Ordinal)).Errors.ShouldBe([$"line {LineOf("\"minimumSample\"")}: the smallest sample is 1 to 1000 calls."]);
    }

    private static int Rate(JsonNode policy) => Rules(policy).ToList().FindIndex(rule => (string?)rule!["clock"] == "rate");

    [Fact]
    public void Steps_out_of_order_are_an_error() =>
        Error(p => Step(p, 0, 1)["offset"]!["amount"] = 100).ShouldEndWith("Accept of Normal cases: the steps are not in the order of their instants.");

    [Fact]
    public void A_ladder_that_climbs_down_is_an_error() =>
        Error(p => (Step(p, 0, 1)["level"], Step(p, 0, 2)["level"]) = ("town_leader", "sector_lead")).ShouldEndWith("Accept of Normal cases: a later step climbs lower.");

    [Fact]
    public void A_warning_before_the_start_of_its_clock_is_an_error() =>
        Error(p => Step(p, 6, 0)["offset"]!["amount"] = -7).ShouldEndWith("Handle of Normal cases: a warning would come before the clock starts.");

    [Fact]
    public void An_error_of_a_rule_tells_the_line_where_the_rule_begins()
    {
        var lines = Shipped.Split('\n');
        var line = Array.FindIndex(lines, text => text.Contains("\"handle\", \"urgency\": \"urgent\"", StringComparison.Ordinal));
        lines[line] = lines[line].Replace("\"amount\": 1440", "\"amount\": 0", StringComparison.Ordinal);

        DeadlinePolicyReader.Read(string.Join('\n', lines)).Errors.ShouldContain($"line {line + 1}: Handle of Urgent cases: a limit is positive.");
    }

    /// <summary>In an export every member has its own line, so that an error of a step is told at the step and not a screen above it.</summary>
    [Theory]
    [InlineData("rules/6/ladder/2/name", "\"Sector\"", "Handle of Normal cases: a step's name is lower-case ASCII with dashes.", "rules/6/ladder/2")]
    [InlineData("rules/6/ladder/3/offset/amount", "0", "Handle of Normal cases: the steps are not in the order of their instants.", "rules/6/ladder/3")]
    [InlineData("rules/6/ladder/2/name", "\"overdue\"", "Handle of Normal cases: two steps have the same name.", "rules/6/ladder/2")]
    [InlineData("rules/6/limit/amount", "0", "Handle of Normal cases: a limit is positive.", "rules/6/limit")]
    [InlineData("rules/1/urgency", "\"normal\"", "Accept of Normal cases has 2 rules instead of one.", "rules/1")]
    [InlineData("ladders/1/name", "\"urgent\"", "the ladder urgent stands twice.", "ladders/1/name")]
    [InlineData("ladders/4/steps/1/name", "\"Days\"", "damaged-road: Handle of Normal cases: a step's name is lower-case ASCII with dashes.", "ladders/4/steps/1")]
    [InlineData("sources/1/id", "\"yuncheng\"", "the source yuncheng stands twice.", "sources/1/id")]
    [InlineData("matters/1/code", "\"manhole-missing\"", "manhole-missing: the matter stands twice.", "matters/1/code")]
    [InlineData("matters/3/limits/0/ladder", "\"nowhere\"", "there is no ladder nowhere.", "matters/3/limits/0/ladder")]
    [InlineData("supervision/steps/1/name", "\"Overdue\"", "a step's name is lower-case ASCII with dashes.", "supervision/steps/1")]
    [InlineData("supervision/steps/1/offset/amount", "-9", "the steps are not in the order of their instants.", "supervision/steps/1")]
    [InlineData("supervision/steps/2/name", "\"overdue\"", "two steps have the same name.", "supervision/steps/2")]
    [InlineData("supervision/general/amount", "3", "a warning would come before the case is listed.", "supervision/steps/0")]
    [InlineData("rules/6/ladder/3/level", "\"responsible\"", "Handle of Normal cases: a later step climbs lower.", "rules/6/ladder/3")]
    [InlineData("matters/3/limits", """[{"clock":"handle","urgency":"normal","limit":{"amount":5,"unit":"working_days"},"ladder":"days","basis":"assumed"},{"clock":"handle","urgency":"normal","limit":{"amount":6,"unit":"working_days"},"ladder":"days","basis":"assumed"}]""", "one stage has two limits for one urgency.", "matters/3/limits/1")]
    [InlineData("agenda/returns", "99", "returns are counted from 1 to 20.", "agenda/returns")]
    [InlineData("whistles/minimumSample", "0", "the smallest sample is 1 to 1000 calls.", "whistles/minimumSample")]
    [InlineData("version", "\"\"", "The version has 1 to 50 characters.", "version")]
    [InlineData("rules/6/limit/unit", "\"work_days\"", "the value of \"unit\" is not of the kind that belongs here.", "rules/6/limit/unit")]
    [InlineData("rules/6/limit/amount", "1.5", "the value of \"amount\" is not of the kind that belongs here.", "rules/6/limit/amount")]
    [InlineData("matters/3/limits/0/colour", "\"red\"", "there is no member \"colour\" here; leave it out, or correct its name.", "matters/3/limits/0/colour")]
    public void An_error_deep_in_an_export_names_its_own_line(string path, string value, string error, string place)
    {
        var policy = JsonNode.Parse(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-2.json"))!;
        var segments = path.Split('/');
        At(policy, segments[..^1])![segments[^1]] = JsonNode.Parse(value);
        var text = policy.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });

        var found = DeadlinePolicyReader.Read(text).Errors.Where(one => one.EndsWith(error, StringComparison.Ordinal)).ToList();

        found.ShouldNotBeEmpty(string.Join('\n', DeadlinePolicyReader.Read(text).Errors));
        found.Select(one => int.Parse(one[5..one.IndexOf(':', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture)).ShouldContain(LineOf(policy, place.Split('/')), text.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));

        static JsonNode? At(JsonNode node, IEnumerable<string> segments) => segments.Aggregate((JsonNode?)node, (at, segment) => at is JsonArray list ? list[int.Parse(segment, System.Globalization.CultureInfo.InvariantCulture)] : at![segment]);

        // Marked where it stands, and looked for: another way than the reader's.
        static int LineOf(JsonNode policy, string[] segments)
        {
            var marked = policy.DeepClone();
            var around = At(marked, segments[..^1])!;
            if (around is JsonArray list)
                list[int.Parse(segments[^1], System.Globalization.CultureInfo.InvariantCulture)] = "here-it-is";
            else
                around[segments[^1]] = "here-it-is";
            return Array.FindIndex(marked.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }).Split('\n'), line => line.Contains("here-it-is", StringComparison.Ordinal)) + 1;
        }
    }

    /// <summary>The steps of a ladder that no matter climbs wait with their mistakes for the first that does.</summary>
    [Theory]
    [InlineData("""[{"name":"Early","offset":{"amount":0,"unit":"natural_days"},"level":"responsible"}]""", 0, "spare: a step's name is lower-case ASCII with dashes.")]
    [InlineData("""[{"name":"overdue","offset":{"amount":0,"unit":"natural_days"},"level":"responsible"},{"name":"overdue","offset":{"amount":1,"unit":"natural_days"},"level":"responsible"}]""", 1, "spare: two steps have the same name.")]
    [InlineData("""[{"name":"overdue","offset":{"amount":3,"unit":"natural_days"},"level":"responsible"},{"name":"lead","offset":{"amount":1,"unit":"natural_days"},"level":"sector_lead"}]""", 1, "spare: the steps are not in the order of their instants.")]
    [InlineData("""[{"name":"overdue","offset":{"amount":0,"unit":"natural_days"},"level":"sector_lead"},{"name":"lead","offset":{"amount":1,"unit":"natural_days"},"level":"responsible"}]""", 1, "spare: a later step climbs lower.")]
    [InlineData("""[{"name":"overdue","offset":{"amount":0,"unit":"natural_days"},"level":"responsible"},{"name":"far","offset":{"amount":99999,"unit":"natural_days"},"level":"sector_lead"}]""", 1, "spare: a step lies at most ten years from the deadline.")]
    [InlineData("""[{"name":"closed","offset":{"amount":0,"unit":"natural_days"},"closes":true},{"name":"lead","offset":{"amount":1,"unit":"natural_days"},"level":"responsible"}]""", null, "spare: the step that closes the case is the last one, and the only one.")]
    [InlineData("""[{"name":"warning","offset":{"amount":-1,"unit":"natural_days"}}]""", null, "spare: the ladder has no escalation, so lateness would climb to nobody.")]
    [InlineData("[null]", 0, "spare: a step is missing.")]
    public void A_ladder_that_no_matter_climbs_is_checked_as_well_each_step_with_its_line(string steps, int? step, string error)
    {
        var policy = JsonNode.Parse(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-2.json"))!;
        policy["ladders"]!.AsArray().Add(new JsonObject { ["name"] = "spare", ["steps"] = JsonNode.Parse(steps) });
        var text = policy.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });

        var lines = text.Split('\n');
        var found = DeadlinePolicyReader.ReadInWords(text).Errors.ShouldHaveSingleItem();

        found.Words.En.ShouldBe(error);
        found.Words.Zh.ShouldNotBe(found.Words.En);
        var begin = Array.FindIndex(lines, line => line.Contains("\"spare\"", StringComparison.Ordinal)) + 1;
        var members = Enumerable.Range(begin, lines.Length - begin).Where(at => lines[at].TrimEnd(',').Trim() is "{" or "null" && lines[at].TakeWhile(c => c == ' ').Count() == 8).ToList();
        found.Line.ShouldBe((step is { } number ? members[number] : begin) + 1);
    }

    /// <summary>No sentence about a file is in one language only.</summary>
    [Fact]
    public void Every_mistake_of_meaning_has_words_of_its_own_in_each_language()
    {
        var words = new List<Message>();
        foreach (var (path, value) in ((string, string)[])
            [
                ("version", "\"\""), ("rules/6/limit/amount", "0"), ("rules/6/limit/amount", "99999"), ("rules/6/ladder/2/name", "\"Sector\""), ("rules/6/ladder/2/name", "\"overdue\""), ("rules/6/ladder/3/offset/amount", "0"),
                ("rules/6/ladder/3/level", "\"responsible\""), ("rules/1/urgency", "\"normal\""), ("rules/6/ladder", "[]"), ("rules/6/ladder/0", "null"), ("rules/6", "null"), ("ladders/1/name", "\"urgent\""), ("ladders/0/name", "\"Up\""),
                ("sources/1/id", "\"yuncheng\""), ("sources/1/title", "\"\""), ("matters/1/code", "\"manhole-missing\""), ("matters/1/code", "\"Up\""), ("matters/1/nameEn", "\"\""), ("matters/1/limits", "[]"), ("matters/3/limits/0/ladder", "\"nowhere\""),
                ("matters/3/limits/0/source", "\"nowhere\""), ("matters/3/limits/0/clock", "\"hard_limit\""), ("supervision/steps/1/name", "\"Overdue\""), ("supervision/steps/0/raise", "true"), ("supervision/concentratedCases", "1"), ("supervision/withinDays", "0"),
                ("supervision/general/amount", "0"), ("supervision/general/amount", "2"), ("supervision/steps", "[]"), ("supervision/steps/2/offset/amount", "9999"), ("agenda/returns", "99"), ("agenda/openDays", "0"), ("agenda/restDays", "999"), ("agenda/remindHours", "0"),
                ("review/returns", "99"), ("review/remindDays", "99"), ("whistles/minimumSample", "0"), ("whistles/route/limit/amount", "0"), ("whistles/route/limit/amount", "9999999"), ("whistles", "null"),
            ])
        {
            var policy = JsonNode.Parse(RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-2.json"))!;
            var segments = path.Split('/');
            var around = segments[..^1].Aggregate((JsonNode?)policy, (at, segment) => at is JsonArray list ? list[int.Parse(segment, System.Globalization.CultureInfo.InvariantCulture)] : at![segment])!;
            if (around is JsonArray items)
                items[int.Parse(segments[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
            else
                around[segments[^1]] = JsonNode.Parse(value);
            var errors = DeadlinePolicyReader.ReadInWords(policy.ToJsonString()).Errors;
            errors.ShouldNotBeEmpty(path);
            words.AddRange(errors.Select(error => error.Words));
        }

        var hours = CalendarReader.ReadHoursInWords("""{"rules":[{"town":"500153","season":{"from":"02-30","to":"03-01"},"spans":["12:00-09:00"]},null]}""").Errors;
        var year = CalendarReader.ReadYearInWords("""{"year":1999,"announced":true,"source":{"title":""},"holidays":[{"zh":"","en":"","from":"2027-01-01","to":"2027-01-01","workdays":["2027-01-04","2027-01-04"]},null]}""").Errors;
        foreach (var (zh, en) in words.Concat(hours.Select(error => error.Words)).Concat(year.Select(error => error.Words)))
        {
            zh.Any(c => c is >= '\u4e00' and <= '\u9fff').ShouldBeTrue(zh);
            en.All(char.IsAscii).ShouldBeTrue(en);
        }

        (hours.Count, year.Count).ShouldBe((5, 11));
    }

    [Theory]
    [InlineData("{\n  \"version\": }", 2, "不是有效的 JSON", "this is not JSON")]
    [InlineData("{\n \"version\":\"1\",\n \"rules\":[],\n \"extra\":1}", 4, "没有“extra”这一项", "there is no member \"extra\"")]
    [InlineData("{\n \"version\":\"1\"\n}", 1, "缺少：rules", "missing here: rules")]
    [InlineData("{\n \"version\":\"1\",\n \"rules\":[\n  {\"clock\":\"accept\",\"urgency\":7}]}", 4, "“urgency”的值", "the value of \"urgency\"")]
    [InlineData("[\n]", 1, "内容不是所要的结构", "the whole is not of the form")]
    public void A_mistake_of_json_is_told_in_both_languages_and_without_a_type_of_the_program(string json, int line, string zh, string en)
    {
        var error = DeadlinePolicyReader.ReadInWords(json).Errors.ShouldHaveSingleItem();

        error.Line.ShouldBe(line, error.ToString());
        error.Words.Zh.ShouldContain(zh);
        error.Words.En.ShouldContain(en);
        foreach (var word in (string[])["System.", "CommandCenter", "Path: $", "LineNumber", "DeadlinePolicy"])
            $"{error.Words.Zh} {error.Words.En}".ShouldNotContain(word);
    }

    [Fact]
    public void What_is_no_json_is_an_error_with_its_line() =>
        DeadlinePolicyReader.Read("{\n  \"version\": }").Errors.ShouldHaveSingleItem().ShouldStartWith("line 2: ");

    [Theory]
    [InlineData("null", "line 1: The policy is empty.")]
    [InlineData("""{"version":"1","rules":[null]}""", "line 1: a rule is missing.")]
    [InlineData("""{"version":"1","rules":[{"clock":"accept","urgency":"normal","limit":{"amount":1,"unit":"natural_days"},"ladder":[null]}]}""", "line 1: Accept of Normal cases: a step is missing.")]
    [InlineData("""{"version":"1","rules":[],"ladders":[null,{"name":"long","steps":[null]}],"matters":[{"code":"pothole","name":"坑洞","nameEn":"Pothole","sector":"economy","limits":[{"clock":"handle","urgency":"normal","limit":{"amount":1,"unit":"natural_days"},"ladder":"long","basis":"assumed"}]}]}""", "line 1: a ladder is missing.")]
    [InlineData("""{"version":"1","rules":[],"ladders":[{"name":"long","steps":[null]}],"matters":[{"code":"pothole","name":"坑洞","nameEn":"Pothole","sector":"economy","limits":[{"clock":"handle","urgency":"normal","limit":{"amount":1,"unit":"natural_days"},"ladder":"long","basis":"assumed"}]}]}""", "line 1: pothole: Handle of Normal cases: a step is missing.")]
    public void What_is_null_is_an_error_and_no_crash(string json, string error) =>
        DeadlinePolicyReader.Read(json).Errors.ShouldContain(error);

    [Theory]
    [InlineData("""{"version":"1"}""")]
    [InlineData("""{"version":"1","rules":[],"extra":1}""")]
    [InlineData("""{"version":"1","version":"2","rules":[]}""")]
    [InlineData("""{"version":null,"rules":[]}""")]
    [InlineData("""{"version":"1","rules":[{"clock":"accept","urgency":"normal","limit":{"amount":1.5,"unit":"natural_days"},"ladder":[]}]}""")]
    [InlineData("""{"version":"1","rules":[{"clock":"accept","urgency":"normal","limit":{"amount":1,"unit":"work_days"},"ladder":[]}]}""")]
    [InlineData("""{"version":"1","rules":[{"clock":"accept","urgency":"urgent,emergency","limit":{"amount":1,"unit":"natural_days"},"ladder":[]}]}""")]
    public void What_is_not_of_a_policys_form_is_an_error(string json) =>
        DeadlinePolicyReader.Read(json).Errors.ShouldHaveSingleItem().ShouldStartWith("line 1: ");

    private static string Error(Action<JsonNode> defect) => Errors(defect).ShouldHaveSingleItem();

    private static IReadOnlyList<string> Errors(Action<JsonNode> defect)
    {
        var policy = JsonNode.Parse(Shipped)!;
        defect(policy);
        var (read, errors) = DeadlinePolicyReader.Read(policy.ToJsonString());
        read.ShouldBeNull();
        return errors;
    }

    private static JsonArray Rules(JsonNode policy) => policy["rules"]!.AsArray();

    private static JsonNode Step(JsonNode policy, int rule, int step) => Rules(policy)[rule]!["ladder"]![step]!;

    private static JsonObject Span(int amount, string unit) => new() { ["amount"] = amount, ["unit"] = unit };
}
