using System.Text.Json.Nodes;
using CommandCenter.Domain.Inbox;

namespace CommandCenter.Domain.Tests;

public class NoticePlanReaderTests
{
    private static readonly string Shipped = RepositoryFiles.Read("src", "CommandCenter.Host", "Inbox", "plans", "default-1.json");

    [Fact]
    public void The_shipped_plan_is_read_without_error_and_named_for_its_version()
    {
        foreach (var file in RepositoryFiles.Below("src/CommandCenter.Host/Inbox/plans", "*.json"))
        {
            var (plan, errors) = NoticePlanReader.Read(RepositoryFiles.Read("src", "CommandCenter.Host", "Inbox", "plans", file));

            errors.ShouldBeEmpty(file);
            plan!.Version.ShouldBe(Path.GetFileNameWithoutExtension(file));
        }
    }

    [Fact]
    public void Every_audience_can_be_named_by_some_kind() =>
        Enum.GetValues<NoticeKind>().SelectMany(Audiences.Of).Distinct().Order().ShouldBe(Enum.GetValues<Audience>());

    [Fact]
    public void A_broken_word_is_named_with_its_line() =>
        NoticePlanReader.Read(Shipped.Replace("\"whose_turn\"", "\"somebody\"", StringComparison.Ordinal)).Errors.ShouldHaveSingleItem().ShouldStartWith("line 8:");

    [Fact]
    public void A_missing_rule_is_an_error() => Error(p => Rules(p).RemoveAt(0)).ShouldBe("Reported has no rule.");

    [Fact]
    public void A_second_rule_of_a_kind_is_an_error() => LineError(p => Rules(p).Add(Rules(p)[0]!.DeepClone())).ShouldBe("Reported: it has a rule already, in line 8.");

    [Fact]
    public void A_second_rule_of_a_level_is_an_error_with_its_line() =>
        LineError(p => Rules(p).Add(Rule(p, "escalation").DeepClone())).ShouldStartWith("Escalation: this level has a rule already, in line ");

    [Fact]
    public void An_escalation_to_a_level_without_a_rule_is_an_error() =>
        Error(p => Rules(p).Remove(Rule(p, "escalation"))).ShouldBe("Escalation of level Responsible has no rule.");

    [Fact]
    public void A_rule_for_all_levels_stands_in_for_those_without_their_own() =>
        Errors(p => Rule(p, "escalation").Remove("level")).ShouldBeEmpty();

    [Fact]
    public void A_plan_that_leaves_out_whose_work_it_is_is_an_error_with_its_line() =>
        LineError(p => Rule(p, "dispatched")["to"] = JsonNode.Parse("""[{"role": "town_leader", "at": "town"}]""")).ShouldBe("Dispatched: it leaves out whose_turn, whose work it is.");

    [Fact]
    public void A_person_whom_the_matter_does_not_know_is_an_error_that_names_those_it_knows() =>
        LineError(p => To(p, "feedback_due").Add(JsonNode.Parse("""{"who": "reporters"}"""))).ShouldBe("FeedbackDue: it does not know reporters, only yard, host.");

    [Theory]
    [InlineData("""{"who": "whose_turn", "role": "office", "at": "town"}""")]
    [InlineData("""{"role": "office"}""")]
    [InlineData("""{"at": "town"}""")]
    [InlineData("{}")]
    public void Whoever_is_told_is_named_in_one_way(string told) =>
        LineError(p => To(p, "warning").Add(JsonNode.Parse(told))).ShouldBe("Warning: whoever is told is named either by who, or by role and at.");

    [Fact]
    public void A_copy_to_a_role_at_a_place_is_allowed() => Errors(p => To(p, "reported").Add(JsonNode.Parse("""{"role": "sector_lead", "at": "town"}"""))).ShouldBeEmpty();

    [Theory]
    [InlineData("resident")]
    [InlineData("system")]
    [InlineData("post_handler")]
    [InlineData("department")]
    public void A_role_that_no_place_finds_is_an_error(string role) =>
        LineError(p => To(p, "warning").Add(JsonNode.Parse($$"""{"role": "{{role}}", "at": "town"}"""))).ShouldBe($"Warning: the role {role} is not found by a place; name people by who.");

    [Fact]
    public void What_has_no_sector_has_no_sector_lead_to_tell() =>
        LineError(p => To(p, "task_list_closed").Add(JsonNode.Parse("""{"role": "sector_lead", "at": "town"}"""))).ShouldBe("TaskListClosed: only a case has a sector whose lead could be told.");

    [Fact]
    public void Nobody_to_tell_is_an_error() => LineError(p => Rule(p, "feedback")["to"] = new JsonArray()).ShouldBe("Feedback: nobody is told.");

    [Fact]
    public void Whoever_stands_twice_is_an_error() => LineError(p => To(p, "reported").Add(To(p, "reported")[0]!.DeepClone())).ShouldBe("Reported: somebody stands twice among those who are told.");

    [Fact]
    public void Nothing_in_the_place_of_an_entry_is_an_error()
    {
        LineError(p => To(p, "feedback").Add(null)).ShouldBe("Feedback: an entry is missing.");
        Errors(p => Rules(p).Insert(0, null)).ShouldContain("line 8: a rule is missing.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(43_201)]
    public void A_limit_is_a_minute_to_a_month(int minutes) => LineError(p => Rule(p, "supervised")["limit"]!["minutes"] = minutes).ShouldBe("Supervised: a limit is 1 minute to 30 days.");

    [Fact]
    public void What_is_urgent_does_not_wait_for_working_time()
    {
        LineError(p => Rule(p, "supervised")["limit"]!["counted"] = "working").ShouldBe("Supervised: what is urgent does not wait for working time: its limit counts natural minutes.");
        LineError(p => Rule(p, "reported")["urgentLimit"]!["counted"] = "working").ShouldBe("Reported: what is urgent does not wait for working time: its limit counts natural minutes.");
    }

    [Fact]
    public void What_waits_for_working_time_does_not_run_out_before_it_is_sent()
    {
        LineError(p => Rule(p, "task_assigned")["limit"]!["counted"] = "natural").ShouldBe("TaskAssigned: it is sent out in working time only, so its limit counts working minutes.");
        LineError(p => Rule(p, "reported")["limit"]!["minutes"] = 10).ShouldBe("Reported: it may wait 10 minutes for its digest, so its limit is longer.");
        // What is sent out by nothing waits for nothing.
        Errors(p =>
        {
            Rule(p, "task_assigned")["limit"]!["counted"] = "natural";
            Rule(p, "task_assigned")["channels"] = new JsonArray();
        }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("limits")]
    [InlineData("Limit")]
    public void A_word_that_is_not_known_is_an_error_with_its_line(string name) =>
        Error(p => Rule(p, "reported")[name] = JsonNode.Parse("""{"minutes": 60, "counted": "working"}""")).ShouldStartWith("line 8:");

    [Theory]
    [InlineData("rules")]
    [InlineData("hours")]
    public void A_list_that_is_not_there_is_an_error(string list)
    {
        NoticePlanReader.Read(Shipped.Replace($"\"{list}\"", $"\"{list}\": null, \"x\"", StringComparison.Ordinal)).Errors.ShouldHaveSingleItem().ShouldStartWith("line ");
        NoticePlanReader.Read("").Errors.ShouldHaveSingleItem().ShouldStartWith("line 1:");
    }

    [Fact]
    public void What_is_urgent_by_its_case_has_its_own_limit()
    {
        LineError(p => Rule(p, "reported").Remove("urgentLimit")).ShouldBe("Reported: what is urgent by its case needs its urgentLimit.");
        LineError(p => Rule(p, "reported").Remove("urgentFrom")).ShouldBe("Reported: urgentLimit belongs to urgentFrom.");
        LineError(p => Rule(p, "supervised")["urgentFrom"] = "urgent", 2)[0].ShouldBe("Supervised: it is urgent in any case, so urgentFrom says nothing.");
        LineError(p => Rule(p, "task_assigned")["urgentFrom"] = "urgent", 2)[0].ShouldBe("TaskAssigned: only a case has an urgency from which it could be urgent.");
    }

    [Fact]
    public void Only_an_escalation_has_a_level() => LineError(p => Rule(p, "feedback")["level"] = "responsible").ShouldBe("Feedback: only escalations have a level.");

    [Theory]
    [InlineData("")]
    [InlineData("短信")]
    [InlineData("SMS")]
    public void A_channel_has_a_plain_name(string name) =>
        LineError(p => Rule(p, "feedback")["channels"] = new JsonArray(name)).ShouldBe("Feedback: a channel's name is 1 to 40 lower-case ASCII letters, digits and dashes.");

    [Fact]
    public void A_channel_stands_once() => LineError(p => Rule(p, "feedback")["channels"] = new JsonArray("chat", "chat")).ShouldBe("Feedback: a channel stands twice.");

    [Theory]
    [InlineData("9:00-12:00")]
    [InlineData("12:00-09:00")]
    [InlineData("09:00")]
    [InlineData("morning")]
    public void A_span_of_the_day_is_two_wall_times_in_order(string span) =>
        Error(p => Hours(p)["spans"] = new JsonArray(span)).ShouldBe("line 5: a span is text such as 09:00-12:00, its end after its start.");

    [Fact]
    public void Spans_of_a_day_do_not_overlap()
    {
        Error(p => Hours(p)["spans"] = new JsonArray("09:00-12:00", "11:00-13:00")).ShouldBe("line 5: the spans of a day follow each other.");
        Error(p => p["hours"]!.AsArray().Add(JsonNode.Parse("""{"days": ["monday"], "spans": ["20:00-21:00"]}"""))).ShouldBe("line 6: monday stands in line 5 already, of the general hours.");
    }

    [Fact]
    public void A_town_that_never_works_is_an_error()
    {
        Error(p => p["hours"]!.AsArray().Clear()).ShouldBe("The hours have no rule for towns without rules of their own.");
        Error(p => p["hours"]!.AsArray().Add(JsonNode.Parse("""{"town": "500999101", "days": [], "spans": []}"""))).ShouldBe("line 6: the town 500999101 never works, so ordinary notices would never go out.");
        Error(p => p["hours"]!.AsArray().Add(JsonNode.Parse("""{"town": "500999", "days": ["monday"], "spans": ["20:00-21:00"]}"""))).ShouldEndWith("hours are those of a town.");
    }

    [Fact]
    public void Version_and_digest_have_their_bounds()
    {
        Error(p => p["version"] = "").ShouldBe("The version has 1 to 50 characters.");
        Error(p => p["digestMinutes"] = 0).ShouldBe("Digests gather what comes within 1 to 240 minutes.");
    }

    private static JsonArray Rules(JsonNode plan) => plan["rules"]!.AsArray();

    private static JsonObject Rule(JsonNode plan, string kind) => Rules(plan).First(rule => rule!["kind"]!.GetValue<string>() == kind)!.AsObject();

    private static JsonArray To(JsonNode plan, string kind) => Rule(plan, kind)["to"]!.AsArray();

    private static JsonObject Hours(JsonNode plan) => plan["hours"]![0]!.AsObject();

    private static string Error(Action<JsonNode> change) => Errors(change).ShouldHaveSingleItem();

    private static IReadOnlyList<string> Errors(Action<JsonNode> change)
    {
        var plan = JsonNode.Parse(Shipped)!;
        change(plan);
        return NoticePlanReader.Read(Text(plan)).Errors;
    }

    /// <summary>The one error, of which the line is that of the rule it is about.</summary>
    private static string LineError(Action<JsonNode> change) => LineError(change, 1)[0];

    private static IReadOnlyList<string> LineError(Action<JsonNode> change, int count)
    {
        var plan = JsonNode.Parse(Shipped)!;
        change(plan);
        var text = Text(plan);
        var errors = NoticePlanReader.Read(text).Errors;
        errors.Count.ShouldBe(count, string.Join('\n', errors));
        return
        [
            .. errors.Select(error =>
            {
                var (line, rest) = (error.Split(": ", 2)[0], error.Split(": ", 2)[1]);
                line.ShouldStartWith("line ");
                var named = text.Split('\n')[int.Parse(line["line ".Length..], System.Globalization.CultureInfo.InvariantCulture) - 1];
                var word = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(rest.Split(':')[0]);
                named.ShouldContain($"\"{word}\"");
                return rest;
            }),
        ];
    }

    // As it is shipped: a rule a line.
    private static string Text(JsonNode plan) =>
        $"{{\n  \"version\": {plan["version"]!.ToJsonString()},\n  \"digestMinutes\": {plan["digestMinutes"]!.ToJsonString()},\n  \"hours\": [\n{Each(plan["hours"]!)}\n  ],\n  \"rules\": [\n{Each(plan["rules"]!)}\n  ]\n}}\n";

    private static string Each(JsonNode list) => string.Join(",\n", list.AsArray().Select(item => item?.ToJsonString() ?? "null"));
}
