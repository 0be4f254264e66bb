using CommandCenter.Domain.Meetings;

namespace CommandCenter.Domain.Tests;

public class MeetingPolicyReaderTests
{
    private const string Plain = """
        {"version":"v","tiers":[{"tier":"village","hosts":["village_secretary"],"areas":["yard"]}],"agenda":[{"code":"feedback","name":"反馈","nameEn":"Feedback"}],"topics":[{"code":"other","name":"其他","nameEn":"Other"}]}
        """;

    [Fact]
    public void The_two_policies_that_are_delivered_can_be_used_and_differ_in_their_tiers()
    {
        Meetings.Shipped("yard-meetings-2021").Tiers.Select(rule => rule.Tier).ShouldBe([MeetingTier.Town, MeetingTier.Village, MeetingTier.Group]);
        Meetings.Shipped("yard-meetings-2022").Tiers.Select(rule => rule.Tier).ShouldBe([MeetingTier.District, MeetingTier.Town, MeetingTier.Village]);
    }

    [Fact]
    public void A_meeting_keeps_the_version_that_it_was_planned_under()
    {
        var book = new MeetingPolicyBook(Meetings.Shipped("yard-meetings-2022"), [Meetings.Shipped("yard-meetings-2021")]);

        book.Current.Version.ShouldBe("yard-meetings-2022");
        book.Version("yard-meetings-2021").Tiers.ShouldContain(rule => rule.Tier == MeetingTier.Group);
        Should.Throw<KeyNotFoundException>(() => book.Version("yard-meetings-1999"));
    }

    [Fact]
    public void A_plain_policy_is_read() => MeetingPolicyReader.Read(Plain).Errors.ShouldBeEmpty();

    [Theory]
    [InlineData("\"v\"", "\"\"", "1 to 50 characters")]
    [InlineData("[\"village_secretary\"]", "[]", "has no host")]
    [InlineData("\"village_secretary\"", "\"resident\"", "not found by role and place")]
    [InlineData("\"village_secretary\"", "\"sector_lead\"", "not found by role and place")]
    [InlineData("\"village_secretary\"", "\"mayor\"", "line 1")]
    [InlineData("[\"yard\"]", "[\"town\"]", "villages, grids or yards")]
    [InlineData("[\"yard\"]", "[]", "villages, grids or yards")]
    [InlineData("{\"tier\":\"village\",\"hosts\":[\"village_secretary\"],\"areas\":[\"yard\"]}", "", "no tier")]
    [InlineData("{\"tier\":\"village\",\"hosts\":[\"village_secretary\"],\"areas\":[\"yard\"]}", "null", "missing")]
    [InlineData("\"feedback\"", "\"Feed back\"", "lower-case")]
    [InlineData("\"其他\"", "\"\"", "1 to 50 characters")]
    [InlineData("{\"code\":\"other\",\"name\":\"其他\",\"nameEn\":\"Other\"}", "", "topics is empty")]
    public void A_policy_under_which_no_meeting_could_be_held_is_refused_with_its_reason(string part, string instead, string reason)
    {
        var (policy, errors) = MeetingPolicyReader.Read(Plain.Replace(part, instead, StringComparison.Ordinal));

        policy.ShouldBeNull();
        errors.ShouldContain(error => error.Contains(reason, StringComparison.Ordinal), string.Join('\n', errors));
    }

    [Fact]
    public void A_tier_or_code_that_stands_twice_is_refused()
    {
        var rule = """{"tier":"village","hosts":["village_secretary"],"areas":["yard"]}""";
        var code = """{"code":"other","name":"其他","nameEn":"Other"}""";

        MeetingPolicyReader.Read(Plain.Replace(rule, $"{rule},{rule}", StringComparison.Ordinal)).Errors.ShouldHaveSingleItem().ShouldContain("stands twice");
        MeetingPolicyReader.Read(Plain.Replace(code, $"{code},{code}", StringComparison.Ordinal)).Errors.ShouldHaveSingleItem().ShouldContain("stands twice");
    }
}
