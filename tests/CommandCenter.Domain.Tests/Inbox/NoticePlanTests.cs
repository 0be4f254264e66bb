using System.Text;
using System.Text.Json;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

public class NoticePlanTests
{
    private static readonly string[] Channels = ["chat", "sms"];

    [Fact]
    public void Who_is_told_of_what()
    {
        var page = new StringBuilder($"""
            # Who is told of what

            The shipped plan `{Plan.Version}`. *Needed* is whose work it is: no plan may leave them out. A limit in working minutes counts in the town's hours ({string.Join("; ", Calendar.Hours.Rules.SelectMany(rule => rule.Spans))}).
            Ordinary notices of one person go out together, what comes within {Plan.DigestMinutes} minutes of working time as one message; urgent ones at once, each by itself.

            | notice | told | needed | urgency | urgent for | by | unread after | urgent and unread after |
            |---|---|---|---|---|---|---|---|

            """);
        foreach (var rule in Plan.Rules)
        {
            string[] cells =
            [
                $"{Word(rule.Kind)}{(rule.Level is { } level ? $" ({Word(level)})" : "")}",
                string.Join(", ", rule.To.Select(told => told.Who is { } who ? Word(who) : $"{Word(told.Role!.Value)} at {Word(told.At!.Value)}")),
                Audiences.Needed(rule.Kind) is { } needed ? Word(needed) : "",
                Word(rule.Urgency),
                rule.UrgentFrom is { } from ? $"{Word(from)} cases" : "",
                string.Join(", ", rule.Channels),
                Words(rule.Limit),
                Words(rule.UrgentLimit),
            ];
            page.Append($"| {string.Join(" | ", cells)} |\n");
        }

        page.ToString().ShouldMatchApproved(c => c.NoDiff().SubFolder("approved").WithFileExtension(".md"));
    }

    [Fact]
    public void A_plan_may_copy_a_notice_to_a_role_at_the_place_of_the_matter()
    {
        var plan = With(NoticeKind.Reported, rule => rule with { To = [.. rule.To, new ToldOf(Role: Role.VillageSecretary, At: AreaLevel.Village), new ToldOf(Role: Role.SectorLead, At: AreaLevel.Town)] });
        var world = new World();
        world.Happen(Reported(), T0);

        DeadlineSaga.React(CaseId, world.State, [Reported()], T0, Policies, Town.Organization, plan).Notices.Select(notice => notice.Person).ShouldBe(["operator", "secretary", "economy-lead"]);
    }

    [Fact]
    public void Whoever_is_named_twice_is_told_once()
    {
        var plan = With(NoticeKind.Reported, rule => rule with { To = [.. rule.To, new ToldOf(Role: Role.CenterOperator, At: AreaLevel.Town)] });
        var world = new World();
        world.Happen(Reported(), T0);

        DeadlineSaga.React(CaseId, world.State, [Reported()], T0, Policies, Town.Organization, plan).Notices.Select(notice => notice.Person).ShouldBe(["operator"]);
    }

    [Fact]
    public void A_plan_may_send_a_step_of_the_ladder_to_other_seats_and_the_escalation_says_so()
    {
        var plan = With(NoticeKind.Escalation, rule => rule.Level == EscalationLevel.SectorLead ? rule with { To = [new ToldOf(Role: Role.TownLeader, At: AreaLevel.Town)] } : rule);
        var world = new World();
        world.Happen(Reported(), T0);
        world.Until(T0 + 15.Minutes());

        var reaction = DeadlineSaga.OnTimer(CaseId, world.State, "accept/sector-lead", 1, T0 + 30.Minutes(), T0 + 30.Minutes(), Policies, Town.Organization, plan);

        reaction.Notices.Select(notice => notice.Person).ShouldBe(["town-leader"]);
        reaction.Events.OfType<CaseEscalated>().Single().Told.ShouldBe([new Recipient("town-leader", Role.TownLeader, RecipientReason.Holder)]);
    }

    [Fact]
    public void An_ordinary_notice_of_an_urgent_case_is_urgent()
    {
        Routed(Urgency.Normal).Urgency.ShouldBe(NoticeUrgency.Ordinary);
        Routed(Urgency.Urgent).Urgency.ShouldBe(NoticeUrgency.Urgent);
        Routed(Urgency.Emergency).Urgency.ShouldBe(NoticeUrgency.Urgent);
        Routed(null).Urgency.ShouldBe(NoticeUrgency.Ordinary);
    }

    [Fact]
    public void An_urgent_notice_goes_out_at_once_by_night_and_its_limit_counts_at_once()
    {
        var night = Local("2026-03-03T02:00");

        var routed = Routed(Urgency.Emergency, night);

        (routed.DeliverAt, routed.ReadBy).ShouldBe((night, night + 15.Minutes()));
        routed.Channels.ShouldBe(["sms", "chat"]);
    }

    [Theory]
    // A Tuesday before work, at its start, within the first window, at its end, just before noon, at noon, in the afternoon, after work, and a Saturday.
    [InlineData("2026-03-03T02:00", "2026-03-03T09:00")]
    [InlineData("2026-03-03T09:00", "2026-03-03T09:10")]
    [InlineData("2026-03-03T09:03", "2026-03-03T09:10")]
    [InlineData("2026-03-03T09:10", "2026-03-03T09:20")]
    [InlineData("2026-03-03T11:59", "2026-03-03T12:00")]
    [InlineData("2026-03-03T12:00", "2026-03-03T14:00")]
    [InlineData("2026-03-03T14:01", "2026-03-03T14:10")]
    [InlineData("2026-03-03T18:00", "2026-03-04T09:00")]
    [InlineData("2026-03-07T10:00", "2026-03-09T09:00")]
    public void An_ordinary_notice_waits_for_working_time_and_there_for_the_end_of_its_window(string told, string sent) =>
        Routed(Urgency.Normal, Local(told)).DeliverAt.ShouldBe(Local(sent));

    [Fact]
    public void A_limit_in_working_minutes_stands_still_by_night_and_at_noon()
    {
        // Four hours from three in the afternoon: three of them on Tuesday, one on Wednesday.
        Routed(Urgency.Normal, Local("2026-03-03T15:00")).ReadBy.ShouldBe(Local("2026-03-04T10:00"));
        Routed(Urgency.Normal, Local("2026-03-03T11:00")).ReadBy.ShouldBe(Local("2026-03-03T17:00"));
        Routed(Urgency.Normal, Local("2026-03-07T10:00")).ReadBy.ShouldBe(Local("2026-03-09T14:00") + 60.Minutes());
    }

    [Fact]
    public void A_town_may_have_hours_of_its_own()
    {
        var calendar = new WorkCalendar(Calendar.Days, new HoursPlan([.. Calendar.Hours.Rules, new TownHours(["20:00-24:00"], Town.Code)]));

        Routed(Urgency.Normal, Local("2026-03-03T15:00"), hours: calendar.At(Town.Code, Town.Shanghai)).DeliverAt.ShouldBe(Local("2026-03-03T20:00"));
        Routed(Urgency.Normal, Local("2026-03-03T23:55"), hours: calendar.At(Town.Code, Town.Shanghai)).DeliverAt.ShouldBe(Local("2026-03-04T00:00"));
        Routed(Urgency.Normal, Local("2026-03-03T15:00"), hours: calendar.At(Town.OtherTown, Town.Shanghai)).DeliverAt.ShouldBe(Local("2026-03-03T15:10"));
    }

    [Theory]
    // The first day of the National Day holiday, a Saturday that is worked for it, the last evening of a year, and midnight of a working day.
    [InlineData("2026-10-01T10:00", "2026-10-08T09:00")]
    [InlineData("2026-10-10T10:00", "2026-10-10T10:10")]
    [InlineData("2026-12-31T18:30", "2027-01-04T09:00")]
    [InlineData("2026-03-03T00:00", "2026-03-03T09:00")]
    public void What_waits_for_working_time_waits_over_holidays_and_the_end_of_the_year(string told, string sent) =>
        Routed(Urgency.Normal, Local(told)).DeliverAt.ShouldBe(Local(sent));

    [Fact]
    public void A_limit_in_working_minutes_stands_still_over_a_holiday() =>
        Routed(Urgency.Normal, Local("2026-09-30T17:00")).ReadBy.ShouldBe(Local("2026-10-08T12:00"));

    [Fact]
    public void A_channel_that_the_host_does_not_have_is_passed_over()
    {
        var notice = new Notice("operator", new NoticeSent(NoticeKind.Reported, $"case:{CaseId}", Role.CenterOperator, RecipientReason.Holder), Urgency.Normal);

        Plan.Routed(notice, T0, Time, ["chat"]).Channels.ShouldBe(["chat"]);
        var none = Plan.Routed(notice, T0, Time, []);
        (none.Channels, none.DeliverAt).ShouldBe((null, null));
        none.ReadBy.ShouldNotBeNull();
    }

    [Fact]
    public void Every_kind_has_words_in_both_languages_for_texts_that_leave_the_house()
    {
        foreach (var kind in Enum.GetValues<NoticeKind>())
            (NoticeWords.Of(kind) is { Zh.Length: > 0, En.Length: > 0 }).ShouldBeTrue($"{kind}");
        Should.Throw<ArgumentOutOfRangeException>(() => NoticeWords.Of((NoticeKind)999));
    }

    private static NoticeSent Routed(Urgency? urgency, DateTimeOffset? at = null, WorkingTime? hours = null) =>
        Plan.Routed(
            new Notice("operator", new NoticeSent(NoticeKind.Reported, $"case:{CaseId}", Role.CenterOperator, RecipientReason.Holder), urgency), at ?? T0, hours ?? Time, Channels);

    private static NoticePlan With(NoticeKind kind, Func<NoticeRule, NoticeRule> change) => Plan with { Rules = [.. Plan.Rules.Select(rule => rule.Kind == kind ? change(rule) : rule)] };

    private static string Words(ReadLimit? limit) => limit is null ? "" : $"{limit.Minutes} {Word(limit.Counted)} minutes";

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}").Replace('_', ' ');
}
