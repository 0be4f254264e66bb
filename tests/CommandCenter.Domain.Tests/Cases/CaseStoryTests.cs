using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using Case = CommandCenter.Domain.Cases.Case;
using static CommandCenter.Domain.Tests.Agendas;
using static CommandCenter.Domain.Tests.Sample;

namespace CommandCenter.Domain.Tests;

/// <summary>What committees, the district and reviews tell in the stream of a case: where it stands besides, and never anything else of it.</summary>
public class CaseStoryTests
{
    private const string Review = "0199c2f0b1d87c3e9a4b5c6d7e8f9012";
    private static readonly DateTimeOffset Due = T0 + 10.Days();

    private static readonly CaseStoryEvent[] All =
    [
        new CasePutOnAgenda(Town.Code, 1, 1, First, [AgendaReason.Overdue]), new CaseAgendaLeadNamed(Town.Code, 1, Lead.Actor, Role.Office, Until), new CaseListed(1, ListingReason.ByHand, ListingGrade.General, Due), new CaseListingRecounted(1, Due + 1.Days()),
        new CasePutUnderReview(Review, Due, [ReviewReason.Late]), new CaseLeftAgenda(Town.Code, 1, AgendaLeaving.Appraised), new CaseDelisted(1), new CaseLeftReview(Review, ReviewOutcome.Learned),
    ];

    [Fact]
    public void It_follows_in_every_state_and_changes_nothing_that_a_decision_rests_on()
    {
        foreach (var (name, events) in CaseLives.States.Where(state => state.Events.Length > 0))
        {
            var before = Cases.Fold(events);
            var after = All.Aggregate(before, (state, told) => state.Apply(new Fact<CaseEvent>(told, Office, T0, T0)));
            after.Stage.ShouldBe(before.Stage, name);
            Json.Of(((Case.Known)after).File with { Story = CaseStory.None }).ShouldBe(Json.Of(((Case.Known)before).File), name);
            CaseDecider.Possible(after).ShouldBe(CaseDecider.Possible(before), name);
        }
    }

    [Fact]
    public void A_case_knows_its_lead_until_it_leaves_the_list_and_its_plate_until_it_comes_down()
    {
        var story = All.Take(5).Aggregate(CaseStory.None, (state, told) => state.After(told));
        story.Agendas.ShouldHaveSingleItem().ShouldBe(new OnAgenda(Town.Code, 1, 1, First, Lead.Actor, Until));
        story.Listed!.DueAt.ShouldBe(Due + 1.Days(), "it was counted anew");
        story.Reviews.ShouldHaveSingleItem().Outcome.ShouldBeNull();

        story = All.Skip(5).Aggregate(story, (state, told) => state.After(told));
        (story.Agendas.Count, story.Listed, story.Reviews.ShouldHaveSingleItem().Outcome).ShouldBe((0, null, ReviewOutcome.Learned));
    }

    [Fact]
    public void A_case_that_went_to_another_town_is_on_both_lists_and_leaves_each_by_itself()
    {
        var story = CaseStory.None.After(All[0]).After(new CasePutOnAgenda(Town.OtherTown, 4, 9, First, [AgendaReason.ByHand])).After(new CaseLeftAgenda(Town.Code, 1, AgendaLeaving.Struck));
        story.Agendas.Select(on => (on.Town, on.Item)).ShouldBe([(Town.OtherTown, 9)]);
    }

    [Fact]
    public void A_review_that_is_called_off_leaves_no_trace_on_the_case_but_in_its_history() =>
        CaseStory.None.After(All[3]).After(new CaseLeftReview(Review, ReviewOutcome.Cancelled)).Reviews.ShouldBeEmpty();

    [Fact]
    public void The_row_of_lists_says_the_same_as_the_fold()
    {
        CaseEvent[] events = [Reported(), .. All];
        CaseSummary? row = null;
        var state = Case.None;
        for (var i = 0; i < events.Length; i++)
        {
            var fact = new Fact<CaseEvent>(events[i], Office, T0, T0 + i.Hours());
            state = state.Apply(fact);
            row = CaseSummary.Apply(row, CaseId, i + 1, i + 1, fact, _ => Sector.Livelihood);
            var story = ((Case.Known)state).File.Story;
            (row.OnAgenda, row.ListedUntil, row.UnderReview).ShouldBe((story.Agendas.Count > 0, story.Listed?.DueAt, story.Reviews.Any(review => review.Outcome is null)));
        }
    }

    [Fact]
    public void A_meeting_tells_each_case_that_it_collects_and_names_a_lead_for()
    {
        Told([], Prepared(items: [Entry(), Entry(OtherCase, AgendaReason.OpenLong)])).ShouldBe(
            [Says(CaseId, new CasePutOnAgenda(Town.Code, 1, 1, First, [AgendaReason.Overdue])), Says(OtherCase, new CasePutOnAgenda(Town.Code, 1, 2, First, [AgendaReason.OpenLong]))]);
        Told([Prepared(items: Entry())], Named()).ShouldBe([Says(CaseId, new CaseAgendaLeadNamed(Town.Code, 1, Lead.Actor, Role.Office, Until))]);
        Told([Prepared()], Added(CaseId)).ShouldBe([Says(CaseId, new CasePutOnAgenda(Town.Code, 1, 1, First, [AgendaReason.ByHand]))]);
    }

    [Fact]
    public void A_case_is_told_how_it_left_the_list_and_not_that_it_is_solved_while_it_waits_for_its_appraisal()
    {
        Told([Prepared(items: Entry())], Struck()).ShouldBe([Says(CaseId, new CaseLeftAgenda(Town.Code, 1, AgendaLeaving.Struck))]);
        Told([Prepared(items: Entry())], Cancelled()).ShouldBe([Says(CaseId, new CaseLeftAgenda(Town.Code, 1, AgendaLeaving.Dropped))]);
        Told([Prepared(items: Entry())], Solved(), Concluded()).ShouldBe([Says(CaseId, new CaseLeftAgenda(Town.Code, 1, AgendaLeaving.Dropped))]);
        Told([Prepared(items: Entry()), Named()], Solved(), Concluded()).ShouldBeEmpty();
        Told([Prepared(items: Entry()), Named(), Solved(), Concluded()], Appraised()).ShouldBe([Says(CaseId, new CaseLeftAgenda(Town.Code, 1, AgendaLeaving.Appraised))]);
        Told([Prepared(items: Entry()), Named()], ReportGiven(1)).ShouldBeEmpty();
    }

    [Fact]
    public void A_listing_and_a_review_tell_their_cases_how_they_begin_and_end()
    {
        var opened = new ListingOpened(2, Town.Code, "road-damage", Sector.Livelihood, ListingReason.HardLimit, ListingGrade.General, 1, new Limit(10, TimeUnit.NaturalDays), Due - 10.Days(), Due, "default-1", []);
        ListingStory.Of(1, [opened]).ShouldBe([new CaseListed(2, ListingReason.HardLimit, ListingGrade.General, Due)]);
        ListingStory.Of(2, [new ListingRecounted(Due, Due + 1.Days(), 5, 0)]).ShouldBe([new CaseListingRecounted(2, Due + 1.Days())]);
        ListingStory.Of(2, [new ListingLifted(Words("已修复"))]).ShouldBe([new CaseDelisted(2)]);

        var prepared = new ReviewPrepared(Town.Code, T0, T0 + 1.Days(), Due, "default-1", [new(CaseId, [ReviewReason.Late]), new(OtherCase, [ReviewReason.Listed])]);
        ReviewStory.Of(Review, null, [prepared]).Select(told => told.Case).ShouldBe([CaseId, OtherCase]);
        var decided = Domain.Reviews.Review.Fold(new ReviewEvent[] { prepared, new ReviewLessonRecorded(1, Words("研判太晚"), [new(1, Words("立案即测算"), "office", Role.Office, Due)]), new ReviewItemLeftOut(2, Words("已免责")) }
            .Select(happened => new Fact<ReviewEvent>(happened, Office, T0, T0)));
        ReviewStory.Of(Review, decided, [new ReviewConcluded()]).ShouldBe([(CaseId, new CaseLeftReview(Review, ReviewOutcome.Learned)), (OtherCase, new CaseLeftReview(Review, ReviewOutcome.LeftOut))]);
    }

    private static IEnumerable<string> Told(AgendaEvent[] given, params AgendaEvent[] decided) =>
        AgendaStory.Of(Town.Code, Fold(given), Fold([.. given, .. decided]), decided).Select(told => Says(told.Case, told.Event));

    private static string Says(string caseId, CaseStoryEvent told) => $"{caseId} {Json.Named(told)}";
}
