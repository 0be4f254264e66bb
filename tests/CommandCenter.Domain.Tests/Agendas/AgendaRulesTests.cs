using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using static CommandCenter.Domain.Tests.Agendas;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>What is collected and why, and who is told.</summary>
public class AgendaRulesTests
{
    private static readonly AgendaRules Rules = AgendaRules.Standard;

    [Fact]
    public void A_case_is_collected_when_it_has_climbed_to_the_committee_and_not_a_step_before()
    {
        Reasons(Climbed(EscalationLevel.TownLeader)).ShouldBeEmpty();
        Reasons(Climbed(EscalationLevel.Committee)).ShouldBe([AgendaReason.Overdue]);
        Reasons(Climbed(EscalationLevel.ListedSupervision)).ShouldBe([AgendaReason.Overdue]);
    }

    [Fact]
    public void A_case_is_collected_for_its_weight_for_being_sent_back_twice_and_for_being_open_for_thirty_days()
    {
        Reasons(Row(Reported(), Filed() with { Level = MatterLevel.District })).ShouldBe([AgendaReason.Weighty]);
        Reasons(Row(Reported(), Filed(), Dispatched(), Claimed(), Returned())).ShouldBeEmpty();
        Reasons(Row(Reported(), Filed(), Dispatched(), Claimed(), Returned(), Dispatched(2), Claimed(), Returned())).ShouldBe([AgendaReason.SentBackOften]);
        Reasons(Row(Reported()), T0 + 30.Days() - 1.Minutes()).ShouldBeEmpty();
        Reasons(Row(Reported()), T0 + 30.Days()).ShouldBe([AgendaReason.OpenLong]);
    }

    [Fact]
    public void A_case_wants_money_while_it_is_suspended_for_it_and_while_it_costs_more_than_was_found()
    {
        CaseEvent[] handled = [Reported(), Filed(), Dispatched(), Claimed()];
        Reasons(Row([.. handled, SuspensionRequested()])).ShouldBeEmpty();
        Reasons(Row([.. handled, SuspensionRequested(), SuspensionApproved()])).ShouldBe([AgendaReason.FundingWanted]);
        Reasons(Row([.. handled, SuspensionRequested(), SuspensionApproved(), new CaseSuspensionEnded()])).ShouldBeEmpty();

        CaseEvent[] passedUp = [ReportedToVillage(), PassedUp(), Filed(), Dispatched(), Claimed()];
        Reasons(Row(passedUp)).ShouldBe([AgendaReason.FundingWanted]);
        Reasons(Row([.. passedUp, new CaseFundingRecorded(9_999_999, Words())])).ShouldBe([AgendaReason.FundingWanted]);
        Reasons(Row([.. passedUp, new CaseFundingRecorded(10_000_000, Words())])).ShouldBeEmpty();
    }

    [Fact]
    public void What_has_ended_is_not_collected_for_anything() =>
        Rules.ReasonsFor(Row(ReportedToVillage(), PassedUp(MatterLevel.District), Filed() with { Level = MatterLevel.District }, Dispatched(), Claimed(), Completed(), Verified(), Rated(), Closed()), T0 + 90.Days()).ShouldBeEmpty();

    [Fact]
    public void A_rule_that_is_missing_collects_nothing() =>
        new AgendaRules(FundingWanted: true).ReasonsFor(Row(Reported(), Filed() with { Level = MatterLevel.District }), T0 + 90.Days()).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"restDays":3}""", "no rule fills")]
    [InlineData("""{"returns":0}""", "1 to 20")]
    [InlineData("""{"openDays":366}""", "1 to 365")]
    [InlineData("""{"openDays":30,"restDays":-1}""", "0 to 365")]
    [InlineData("""{"openDays":30,"remindHours":0}""", "1 to 336")]
    public void Rules_that_cannot_be_meant_are_refused_with_their_line(string agenda, string error)
    {
        var policy = RepositoryFiles.Read("src", "CommandCenter.Host", "Deadlines", "policies", "default-2.json");
        var line = policy.Split('\n').ToList().FindIndex(text => text.StartsWith("  \"agenda\":", StringComparison.Ordinal));
        var changed = string.Join('\n', policy.Split('\n').Select((text, index) => index == line ? $"  \"agenda\": {agenda}," : text));

        DeadlinePolicyReader.Read(changed).Errors.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            text => text.ShouldStartWith($"line {line + 1}: "), text => text.ShouldContain(error));
        DeadlinePolicyReader.Read(policy).Policy!.Agenda.ShouldBe(AgendaRules.Standard);
    }

    [Fact]
    public void The_lead_is_told_when_named_when_a_meeting_is_prepared_and_again_before_it_if_the_report_is_missing()
    {
        var organization = Town.With(added: [Town.Holder("office", new RoleAt(Role.Office, Town.Code)), Town.Holder(Lead.Actor, new RoleAt(Role.Office, Town.Code))]);
        AgendaEvent[] named = [Prepared(items: Entry()), Named()];

        Told(named, Named()).ShouldBe([(Lead.Actor, NoticeKind.AgendaLeadNamed, Until)]);
        Told([.. named, Concluded(), Prepared(2, Second)], Prepared(2, Second)).ShouldBe([(Lead.Actor, NoticeKind.AgendaReportDue, Second)]);
        Told([.. named, Concluded(), ReportGiven(2), Prepared(2, Second)], Prepared(2, Second)).ShouldBeEmpty();
        React([.. named, Concluded(), Prepared(2, Second)], Prepared(2, Second)).Timers.ShouldBe([new SagaTimer("remind/2", 1, Second - 1.Days())]);

        var due = Agendas.Fold([.. named, Concluded(), Prepared(2, Second)]);
        var reminded = AgendaNotices.OnTimer(Town.Code, due, "remind/2", 1, Second - 1.Days(), Second - 1.Days(), organization, Plan);
        reminded.Events.Select(Json.Named).ShouldBe([Json.Named(new AgendaReportsReminded(2, [1]))]);
        reminded.Notices.ShouldHaveSingleItem().Person.ShouldBe(Lead.Actor);
        // Down until the meeting had begun: on record, and told to nobody.
        var overtaken = AgendaNotices.OnTimer(Town.Code, due, "remind/2", 1, Second, Second, organization, Plan);
        (overtaken.Events.Count, overtaken.Notices.Count).ShouldBe((1, 0));
        // Reported meanwhile, another meeting's timer, or the meeting is over: nothing.
        AgendaNotices.OnTimer(Town.Code, Agendas.Fold([.. named, Concluded(), Prepared(2, Second), ReportGiven()]), "remind/2", 1, Second - 1.Days(), Second - 1.Days(), organization, Plan).IsEmpty.ShouldBeTrue();
        AgendaNotices.OnTimer(Town.Code, due, "remind/1", 1, Second - 1.Days(), Second - 1.Days(), organization, Plan).IsEmpty.ShouldBeTrue();
        AgendaNotices.OnTimer(Town.Code, Agendas.Fold([.. named, Concluded(), Prepared(2, Second), Cancelled(2)]), "remind/2", 1, Second - 1.Days(), Second - 1.Days(), organization, Plan).IsEmpty.ShouldBeTrue();

        // A report that was missing is the leader's to know, and a solved matter is to be appraised.
        var missed = Concluded(2, new MissedReport(1, Lead.Actor));
        Told([.. named, Concluded(), Prepared(2, Second), missed], missed).Select(told => (told.Person, told.Kind))
            .ShouldBe([(Lead.Actor, NoticeKind.AgendaReportMissed), ("town-leader", NoticeKind.AgendaReportMissed)], ignoreOrder: true);
        Told([.. named, Concluded(), Solved()], Solved()).Select(told => told.Person).Distinct().ShouldBe([Lead.Actor, "office", "town-leader"], ignoreOrder: true);

        Reaction<AgendaEvent> React(AgendaEvent[] life, AgendaEvent decided) => AgendaNotices.React(Town.Code, Agendas.Fold(life), [decided], T0, organization, Plan);

        IEnumerable<(string Person, NoticeKind Kind, DateTimeOffset? DueAt)> Told(AgendaEvent[] life, AgendaEvent decided) =>
            React(life, decided).Notices.Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.DueAt));
    }

    [Fact]
    public void When_the_day_of_a_lead_passes_the_lead_the_office_and_the_leader_are_told_once()
    {
        var organization = Town.With(added: [Town.Holder("office", new RoleAt(Role.Office, Town.Code)), Town.Holder(Lead.Actor, new RoleAt(Role.Office, Town.Code))]);
        AgendaEvent[] named = [Prepared(items: Entry()), Named()];
        AgendaNotices.React(Town.Code, Agendas.Fold(named), [named[1]], T0, organization, Plan).Timers.ShouldBe([new SagaTimer("lead/1", 1, Until)]);

        var overdue = Fire(named, 1, Until);
        var happened = overdue.Events.ShouldHaveSingleItem().ShouldBeOfType<AgendaLeadOverdue>();
        (happened.Item, happened.DueAt, happened.FiredAt).ShouldBe((1, Until, Until));
        overdue.Notices.Select(notice => (notice.Person, notice.Sent.Kind, notice.Sent.DueAt, notice.Sent.Part, notice.Sent.MissedAt)).ShouldBe(
            [(Lead.Actor, NoticeKind.AgendaLeadOverdue, Until, 1, null), ("office", NoticeKind.AgendaLeadOverdue, Until, 1, null), ("town-leader", NoticeKind.AgendaLeadOverdue, Until, 1, null)], ignoreOrder: true);
        happened.Told.Select(told => told.Person).ShouldBe(overdue.Notices.Select(notice => notice.Person));
        Fire(named, 1, Until + 2.Days()).Notices.ShouldAllBe(notice => notice.Sent.MissedAt == Until, "after a standstill it says when it should have been told");

        Fire([.. named, happened], 1, Until).IsEmpty.ShouldBeTrue("once");
        Fire([.. named, Named(person: "town-leader")], 1, Until).IsEmpty.ShouldBeTrue("another leads it, with a day of their own");
        Fire([.. named, Solved()], 1, Until).IsEmpty.ShouldBeTrue();
        Fire([.. named, Named(person: "town-leader")], 2, Until).Events.ShouldHaveSingleItem();

        var sent = new NoticeSent(NoticeKind.AgendaLeadOverdue, $"agenda:{Town.Code}", Role.Office, RecipientReason.Holder, Part: 1);
        NoticeClaim.Of(sent, Agendas.Fold([.. named, happened])).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(sent, Agendas.Fold([.. named, happened, Solved()])).ShouldBe(NoticeClaim.Gone);

        Reaction<AgendaEvent> Fire(AgendaEvent[] life, int attempt, DateTimeOffset at) => AgendaNotices.OnTimer(Town.Code, Agendas.Fold(life), "lead/1", attempt, Until, at, organization, Plan);
    }

    /// <summary>Whatever becomes of a matter, the day of its lead is waited for exactly while it is led and nobody was told that it passed.</summary>
    [Fact]
    public void The_day_of_a_lead_has_a_timer_while_the_matter_is_led_and_is_told_at_most_once_for_each_naming()
    {
        const int Seed = 20260302;
        var random = new Random(Seed);
        var told = 0;
        for (var life = 0; life < 300; life++)
        {
            var (now, position) = (T0, 100L);
            var agenda = Agendas.Fold(Prepared(items: Entry()));
            var timers = new Dictionary<(string Name, int Attempt), DateTimeOffset>();
            var namings = new Dictionary<int, int>();
            for (var move = 0; move < 12; move++)
            {
                now += random.Next(0, 20).Days();
                while (timers.Where(timer => timer.Value <= now).OrderBy(timer => timer.Value).Select(timer => (KeyValuePair<(string Name, int Attempt), DateTimeOffset>?)timer).FirstOrDefault() is { } due)
                {
                    timers.Remove(due.Key);
                    Take(AgendaNotices.OnTimer(Town.Code, agenda, due.Key.Name, due.Key.Attempt, due.Value, now, Town.Organization, Plan));
                }

                var item = agenda.Find(1)!;
                AgendaEvent happened = item.Stage switch
                {
                    AgendaItemStage.Collected => Named() with { Until = now + random.Next(1, 40).Days() },
                    AgendaItemStage.Led when random.Next(3) > 0 => Named(person: $"lead-{move}") with { Until = now + random.Next(1, 40).Days() },
                    AgendaItemStage.Led => new AgendaItemSolved(1, Domain.Meetings.LineOutcome.Closed, position++),
                    _ => new AgendaItemTakenUpAgain(1, position++),
                };
                Apply(happened);
                Take(AgendaNotices.React(Town.Code, agenda, [happened], now, Town.Organization, Plan));

                item = agenda.Find(1)!;
                timers.AsEnumerable().ToList().ShouldBe(item.Stage == AgendaItemStage.Led && item.OverdueNaming < item.Namings ? [KeyValuePair.Create(("lead/1", item.Namings), item.Lead!.Until)] : [], $"seed {Seed}, life {life}, move {move}");
            }

            void Apply(AgendaEvent happened) => agenda = agenda.Apply(new Fact<AgendaEvent>(happened, Agendas.Doer(happened), now, now));

            void Take(Reaction<AgendaEvent> reaction)
            {
                foreach (var happened in reaction.Events)
                {
                    Apply(happened);
                    namings[agenda.Find(1)!.Namings] = namings.GetValueOrDefault(agenda.Find(1)!.Namings) + 1;
                    told++;
                }

                foreach (var timer in reaction.Timers)
                {
                    if (timer.DueAt is { } dueAt)
                        timers.TryAdd((timer.Name, timer.Attempt), dueAt).ShouldBeTrue();
                    else
                        timers.Remove((timer.Name, timer.Attempt));
                }
            }

            namings.Values.ShouldAllBe(times => times == 1, $"seed {Seed}, life {life}");
        }

        told.ShouldBeGreaterThan(300, "else the law says nothing");
    }

    [Fact]
    public void A_notice_of_a_report_that_was_given_or_of_a_meeting_that_is_over_asks_for_nothing_any_more()
    {
        AgendaEvent[] owed = [Prepared(items: Entry()), Named(), Concluded(), Prepared(2, Second)];
        var sent = new NoticeSent(NoticeKind.AgendaReportDue, $"agenda:{Town.Code}", Role.Office, RecipientReason.Holder, Part: 1);

        NoticeClaim.Of(sent, Agendas.Fold(owed)).ShouldBe(NoticeClaim.Holds);
        NoticeClaim.Of(sent, Agendas.Fold([.. owed, ReportGiven()])).ShouldBe(NoticeClaim.Gone);
        NoticeClaim.Of(sent, Agendas.Fold([.. owed, Cancelled(2)])).ShouldBe(NoticeClaim.Gone);
        NoticeClaim.Of(sent with { Kind = NoticeKind.AgendaLeadNamed }, Agendas.Fold([.. owed, Solved()])).ShouldBe(NoticeClaim.Gone);
        NoticeClaim.Of(sent with { ToKnow = true }, Agendas.Fold([.. owed, Solved()])).ShouldBe(NoticeClaim.Holds);
    }

    private static IReadOnlyList<AgendaReason> Reasons(CaseSummary row, DateTimeOffset? at = null) => Rules.ReasonsFor(row, at ?? T0 + 20.Days());

    private static CaseSummary Climbed(EscalationLevel level) => Row(
        Reported(), Filed(), Dispatched(), HandleStarted(), new CaseEscalated(Clock.Handle, 1, "step", level, T0, T0, T0, []));

    private static CaseSummary Row(params CaseEvent[] events)
    {
        CaseSummary? row = null;
        for (var version = 1; version <= events.Length; version++)
            row = CaseSummary.Apply(row, CaseId, version, version, new Fact<CaseEvent>(events[version - 1], Doer(events[version - 1]), T0, T0), _ => Sector.Economy);
        return row!;
    }
}
