using System.Text;
using CommandCenter.Domain.Meetings;
using FsCheck;
using FsCheck.Fluent;
using static CommandCenter.Domain.Tests.Meetings;

namespace CommandCenter.Domain.Tests;

/// <summary>What holds of every meeting, over random lives of meetings and of their cases: seeds are fixed, and printed with the smallest life that fails.</summary>
public class MeetingLawTests
{
    [Fact]
    public void A_meeting_read_again_from_its_stream_is_the_meeting_that_lived() =>
        ForAll(life => Show(Meeting.Fold(life.Facts)).ShouldBe(Show(life.State)));

    [Fact]
    public void Every_line_of_every_list_that_was_taken_is_one_case_and_stays_in_the_account() => ForAll(life =>
    {
        var listed = life.Facts.Select(fact => fact.Event).OfType<MeetingListImported>().SelectMany(list => list.Lines).ToList();

        (life.State as Meeting.Known)?.File.Lines.Values.Select(line => line.Listed).ShouldBe(listed);
        listed.Select(line => line.Number).ShouldBe(Enumerable.Range(1, listed.Count));
        listed.Select(line => line.Case).ShouldBeUnique();
        listed.Select(line => line.Fingerprint).ShouldBeUnique();
    });

    [Fact]
    public void A_line_is_in_hand_or_owed_to_the_yard_or_accounted_for() => ForAll(life =>
    {
        foreach (var line in Lines(life.State))
        {
            line.IsAccountedFor.ShouldBe(!line.IsOpen && !line.IsFeedbackDue);
            // Both at once only where it goes on in another town.
            (line.IsOpen && line.IsFeedbackDue).ShouldBe(line.Standing.Outcome == LineOutcome.Transferred && line.Feedback is null);
        }
    });

    [Fact]
    public void No_meeting_is_struck_off_while_a_line_is_in_hand_or_its_yard_was_not_told() => ForAll(life =>
    {
        if (life.State is not Meeting.StruckOff)
            return;
        foreach (var line in Lines(life.State).Where(line => line.Listed.Kind != LineKind.OnSpot))
        {
            line.Standing.Outcome.ShouldNotBeOneOf(null, LineOutcome.Transferred);
            line.Feedback.ShouldNotBeNull();
        }
    });

    [Fact]
    public void Every_meeting_can_come_to_its_end_with_every_line_accounted_for() => ForAll(life =>
    {
        life.Finish();

        ((MeetingStage?[])[MeetingStage.StruckOff, MeetingStage.Cancelled]).ShouldContain(life.State.Stage);
        Lines(life.State).ShouldAllBe(line => line.IsAccountedFor);
    });

    [Fact]
    public void What_the_account_says_once_the_engine_has_followed_is_how_the_cases_stand() => ForAll(life =>
    {
        life.Follow();

        foreach (var line in Lines(life.State).Where(line => line.Listed.Kind != LineKind.OnSpot))
            line.Standing.Outcome.ShouldBe(life.Standing(line.Number).Outcome);
    });

    private static IEnumerable<AccountLine> Lines(Meeting state) => state is Meeting.Known { File: var file } ? file.Lines.Values : [];

    private static string Show(Meeting state) => state is Meeting.Known known
        ? $"{state.Stage} {Json.Of(known.File with { Content = [] })} {string.Join(' ', known.File.Content.Order(StringComparer.Ordinal))}"
        : "Unregistered";

    private static void ForAll(Action<Life> law) =>
        Laws.ForAll(300, 10_000, (20260302, 141), Moves, moves => law(Life.Of(moves)));

    private static Arbitrary<Deeds> Moves { get; } = Arb.From(
        from length in Gen.Choose(0, 24)
        from choices in Gen.ArrayOf(Gen.Choose(0, 1_000), length)
        select new Deeds(choices),
        deeds => Enumerable.Range(0, deeds.Choices.Count).Select(left => new Deeds([.. deeds.Choices.Where((_, index) => index != left)])));

    /// <summary>Numbers that stand for what is done next.</summary>
    public sealed record Deeds(IReadOnlyList<int> Choices)
    {
        public override string ToString() => string.Join(", ", Choices);
    }

    /// <summary>One meeting, the ends of its cases, and an engine that follows them sooner or later.</summary>
    public sealed class Life
    {
        private readonly List<Fact<MeetingEvent>> _facts = [];
        private readonly Dictionary<int, LineStanding> _cases = [];
        private int _lists;
        private long _position = 2;

        public Meeting State { get; private set; } = Meeting.None;

        public IReadOnlyList<Fact<MeetingEvent>> Facts => _facts;

        public static Life Of(Deeds deeds)
        {
            var life = new Life();
            foreach (var choice in deeds.Choices)
                life.Do(choice);
            return life;
        }

        public LineStanding Standing(int line) => _cases[line];

        /// <summary>The engine looks at all cases.</summary>
        public void Follow() => Give(new FollowCases([.. _cases.Values]));

        /// <summary>Everybody does what is left to do.</summary>
        public void Finish()
        {
            if (State is Meeting.Unregistered)
                Give(Register());
            if (State is Meeting.Planned)
                Give(Hold());
            if (State is Meeting.Held)
                Give(Record());
            foreach (var line in _cases.Values.Where(standing => standing.Outcome is null or LineOutcome.Transferred).ToList())
                End(line.Line, LineOutcome.Closed);
            Follow();
            if (Lines(State).Where(line => line.IsFeedbackDue).Select(line => line.Number).ToArray() is { Length: > 0 } due)
                Give(Feedback(due));
            Give(new StrikeOffMeeting([.. _cases.Values]));
        }

        public override string ToString() => new StringBuilder().AppendJoin('\n', _facts.Select(fact => Json.Named(fact.Event))).ToString();

        private void Do(int choice)
        {
            var line = _cases.Count == 0 ? 0 : 1 + (choice / 16 % _cases.Count);
            var due = Lines(State).Where(known => known.IsFeedbackDue).Select(known => known.Number).ToArray();
            switch (choice % 16)
            {
                case 0:
                    Give(Plan());
                    break;
                case 1 or 2:
                    Give(State is Meeting.Unregistered ? Register() : Hold());
                    break;
                case 3:
                    Give(choice % 5 == 0 ? Cancel() : Record(Photo));
                    break;
                case 4 or 5:
                    Give(NewList(1 + (choice / 16 % 4)));
                    break;
                case 6 when _lists > 0:
                    Give(new ImportList(ListSource.Csv, "list-1", [Line(1)]));
                    break;
                case 7 or 8 or 9 when line > 0 && _cases[line].Outcome is null or LineOutcome.Transferred:
                    End(line, (choice % 4) switch { 0 => LineOutcome.Refused, 1 => LineOutcome.Transferred, _ => LineOutcome.Closed });
                    break;
                case 10 when line > 0 && _cases[line].Outcome is LineOutcome.Closed or LineOutcome.Refused:
                    _cases[line] = new LineStanding(line, ++_position);
                    break;
                case 11:
                    Follow();
                    break;
                case 12:
                    Give(new ReconcileLines([.. _cases.Values]));
                    break;
                case 13 or 14 when due.Length > 0:
                    Give(Feedback(due[choice / 16 % due.Length]));
                    break;
                default:
                    Give(new StrikeOffMeeting([.. _cases.Values]));
                    break;
            }
        }

        private ImportList NewList(int lines)
        {
            var list = ++_lists;
            return new ImportList(ListSource.Csv, $"list-{list}",
                [.. Enumerable.Range(1, lines).Select(number => Line(number, (LineKind)((list + number) % 4), $"{list}/{number}", [Photo]) with { Case = $"case-{list}-{number}" })]);
        }

        private void End(int line, LineOutcome outcome) => _cases[line] = new LineStanding(line, ++_position, outcome);

        private void Give(MeetingCommand command)
        {
            if (MeetingDecider.Decide(command, State) is not Decision<MeetingEvent>.Emit emit)
                return;
            foreach (var happened in emit.Events)
            {
                var fact = Fact(happened, Sample.T0 + _facts.Count.Minutes());
                State = State.Apply(fact);
                _facts.Add(fact);
                if (happened is MeetingListImported list)
                {
                    foreach (var listed in list.Lines)
                        _cases.Add(listed.Number, listed.Kind == LineKind.OnSpot ? new LineStanding(listed.Number, 2, LineOutcome.SolvedOnSpot) : new LineStanding(listed.Number, 0));
                }
            }
        }
    }
}
