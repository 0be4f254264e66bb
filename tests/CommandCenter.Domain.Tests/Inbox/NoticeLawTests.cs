using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using FsCheck;
using FsCheck.Fluent;

namespace CommandCenter.Domain.Tests;

/// <summary>What must hold for notices whatever is told to whom and whoever reads it, over random days.</summary>
public class NoticeLawTests
{
    private static readonly (NoticeKind Kind, Role Role, string[] People)[] Seats =
    [
        (NoticeKind.Reported, Role.CenterOperator, ["operator", "second-operator"]),
        (NoticeKind.Dispatched, Role.PostHandler, ["handler", "colleague"]),
        (NoticeKind.Returned, Role.Dispatcher, ["dispatcher"]),
        (NoticeKind.VerificationDue, Role.GridWorker, ["grid-worker"]),
        (NoticeKind.Supervised, Role.PostHandler, ["river-handler"]),
        (NoticeKind.Escalation, Role.SectorLead, ["economy-lead"]),
        (NoticeKind.Feedback, Role.GridWorker, ["grid-worker"]),
    ];

    /// <param name="Reader">Which of those with something unread reads it; none for a high number.</param>
    public sealed record Move(int Minutes, int Seat, Urgency Urgency, int Reader, bool Delivers);

    public sealed record Life(IReadOnlyList<Move> Moves, IReadOnlyList<Role> Vacant, bool Roster)
    {
        public override string ToString() => $"vacant [{string.Join(", ", Vacant)}]{(Roster ? ", with a roster" : "")}\n  {string.Join("\n  ", Moves)}";
    }

    private static Arbitrary<Life> Any { get; } = Arb.From(
        from length in Gen.Choose(1, 25)
        from moves in Gen.ArrayOf(
            from minutes in Gen.Elements(0, 1, 7, 15, 60, 240, 900, 3000)
            from seat in Gen.Choose(0, Seats.Length - 1)
            from urgency in Gen.Elements(Urgency.Normal, Urgency.Urgent, Urgency.Emergency)
            from reader in Gen.Choose(0, 8)
            from delivers in Gen.Elements(true, false)
            select new Move(minutes, seat, urgency, reader, delivers), length)
        from vacant in Gen.SubListOf(Role.YardHead, Role.VillageSecretary, Role.Dispatcher, Role.SectorLead, Role.TownLeader)
        from roster in Gen.Elements(true, false)
        select new Life(moves, [.. vacant], roster),
        life => Enumerable.Range(0, life.Moves.Count).Select(left => life with { Moves = [.. life.Moves.Where((_, index) => index != left)] }));

    [Fact]
    public void Every_notice_with_a_limit_ends_read_or_at_the_duty_desk() => ForAll(life =>
    {
        var world = Lived(life);
        foreach (var (person, fact) in world.Facts.Where(row => row.Fact.Event is NoticeSent { ReadBy: not null }))
            End(world, person, fact.Id, []).ShouldBeTrue($"{((NoticeSent)fact.Event).Kind} of {person}");
        world.Timers.ShouldBeEmpty();
    });

    [Fact]
    public void Nothing_is_delivered_twice_by_the_same_channel() => ForAll(life =>
        Lived(life).Queued.SelectMany(message => message.Notices.Select(notice => (message.Channel, notice.Id))).ShouldBeUnique());

    [Fact]
    public void Nothing_urgent_waits_and_nothing_ordinary_goes_out_when_nobody_works() => ForAll(life =>
    {
        var world = Lived(life);
        var hours = Sample.Time;
        foreach (var message in world.Queued)
        {
            var first = message.Notices[0];
            if (first.Sent.Urgency == NoticeUrgency.Urgent)
                (message.Notices.Count, message.At).ShouldBe((1, first.SentAt));
            else
                (hours.IsWorking(message.At) || hours.IsWorking(message.At.AddTicks(-1))).ShouldBeTrue($"{message.At}");
        }

        var urgent = world.Facts.Select(row => row.Fact).Where(fact => fact.Event is NoticeSent { Urgency: NoticeUrgency.Urgent, Channels: not null }).ToList();
        urgent.Select(fact => fact.Id).Except(world.Queued.SelectMany(message => message.Notices.Select(notice => notice.Id))).ShouldBeEmpty();
    });

    [Fact]
    public void Ordinary_notices_of_one_person_and_window_are_one_message() => ForAll(life =>
        Lived(life).Queued.Where(message => message.Notices[0].Sent.Urgency == NoticeUrgency.Ordinary).Select(message => (message.Person, message.Channel, message.At)).ShouldBeUnique());

    [Fact]
    public void Nobody_gets_by_passing_on_what_they_had_before() => ForAll(life =>
    {
        foreach (var sent in Lived(life).Facts.Where(row => row.Fact.Event is NoticeSent { From: not null }))
        {
            var from = ((NoticeSent)sent.Fact.Event).From!;
            from.Tried.ShouldNotContain(sent.Person);
            from.Tried.ShouldBeUnique();
            from.Tried[^1].ShouldBe(from.Person);
        }
    });

    [Fact]
    public void Whatever_is_passed_on_stands_in_both_inboxes_with_the_same_reason() => ForAll(life =>
    {
        var world = Lived(life);
        foreach (var (person, fact) in world.Facts)
        {
            if (fact.Event is NoticePassedOn { AlreadyTold: false } passed)
            {
                foreach (var next in passed.To)
                    world.Facts.Any(row => row.Person == next.Person && row.Fact.Event is NoticeSent { From: { } from } && from.Notice == passed.Notice && from.Person == person && from.Reason == passed.Reason)
                        .ShouldBeTrue($"{person} to {next.Person}");
            }
        }
    });

    /// <summary>Whether a notice, or one that it went on to, was read or lies at the desk.</summary>
    private static bool End(InboxWorld world, string person, Guid id, HashSet<Guid> seen)
    {
        // Of a matter told in two rounds, two may lead to each other and to a third.
        if (!seen.Add(id))
            return false;
        var events = world.Facts.Where(row => row.Person == person).Select(row => row.Fact).ToList();
        var sent = (NoticeSent)events.Single(fact => fact.Id == id).Event;
        if (events.Any(fact => fact.Event is NoticeRead read && read.Notice == id) || events.Any(fact => fact.Event is NoticeKept kept && kept.Notice == id) || sent.From?.Step == PassOnStep.DutyDesk)
            return true;
        if (events.Select(fact => fact.Event).OfType<NoticePassedOn>().SingleOrDefault(e => e.Notice == id) is not { } passed)
            return false;
        return passed.To.Any(next => passed.AlreadyTold
            ? world.Facts.Where(row => row.Person == next.Person && row.Fact.Event is NoticeSent other && NoticeMatter.Of(other) == NoticeMatter.Of(sent) && row.Fact.HappenedAt >= (sent.From?.FirstSentAt ?? events.Single(fact => fact.Id == id).HappenedAt))
                .Any(row => End(world, next.Person, row.Fact.Id, seen))
            : world.Facts.Where(row => row.Person == next.Person && row.Fact.Event is NoticeSent { From: { } from } && from.Notice == id).Any(row => End(world, next.Person, row.Fact.Id, seen)));
    }

    private static InboxWorld Lived(Life life)
    {
        var second = Town.Holder("second-operator", new RoleAt(Role.CenterOperator, Town.Code));
        var organization = Town.With(life.Vacant, [second]);
        var world = new InboxWorld(organization, life.Roster ? (_, at) => at.Hour < 12 ? ["operator"] : ["second-operator", "colleague"] : null, ["sms", "chat"]);
        for (var number = 0; number < life.Moves.Count; number++)
        {
            var move = life.Moves[number];
            world.Pass(TimeSpan.FromMinutes(move.Minutes));
            var (kind, role, people) = Seats[move.Seat];
            // Some matters are told of more than once.
            world.Tell(kind, role, $"case:{number / 3}", move.Urgency, people);
            Channels(move.Delivers);
            var unread = organization.People.SelectMany(person => world[person.Id].InOrder.Where(notice => notice.IsOpen || notice.Standing == NoticeStanding.AtDesk).Select(notice => (person.Id, notice))).ToList();
            if (move.Reader < unread.Count)
                world.Read(unread[move.Reader].Id, unread[move.Reader].notice.Id);
        }

        for (var day = 0; day < 60; day++)
        {
            world.Pass(TimeSpan.FromDays(1));
            Channels(true);
        }

        return world;

        void Channels(bool deliver)
        {
            world.Pass(TimeSpan.Zero);
            foreach (var message in world.Queued.ToList().Where(message => world[message.Person].Deliveries.ContainsKey(message.Delivery)))
            {
                if (deliver)
                    world.Delivered(message);
                else
                    world.Failed(message);
            }
        }
    }

    private static void ForAll(Action<Life> law) => Laws.ForAll(100, 2_000, (20260302, 417), Any, law);
}
