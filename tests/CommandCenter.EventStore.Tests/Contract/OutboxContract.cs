using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>What every outbox does, together with its event log.</summary>
public abstract class OutboxContract : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly string[] Sms = ["sms"];
    private Engine? _engine;

    protected abstract Task<Engine> StartAsync();

    private IEventLog Log => _engine!.Log;
    private IOutbox Outbox => _engine!.Outbox;

    public async Task InitializeAsync() => _engine = await StartAsync();

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }

    [PostgresFact]
    public async Task Without_messages_nothing_is_due_nothing_is_dead_and_nothing_counts()
    {
        (await ClaimAsync(T0.AddYears(10))).ShouldBeEmpty();
        (await Outbox.NextDueAsync(Sms)).ShouldBeNull();
        (await Outbox.ListDeadAsync(0, 10)).ShouldBeEmpty();
        (await Outbox.ReplayAsync(1)).ShouldBeFalse();
        (await Outbox.ReplayAllAsync()).ShouldBe(0);
        (await Outbox.CountAsync()).ShouldBe(new OutboxCounts(0, 0, null));
    }

    [PostgresFact]
    public async Task A_message_is_claimed_as_it_was_committed()
    {
        var receipt = await Log.AppendedAsync(Request(New(Case(1))) with { Outbox = [Message("路灯不亮", "sms", "p-17")] });

        var due = (await ClaimAsync(T0)).ShouldHaveSingleItem();

        (due.Row.Message.Kind, due.Row.Message.Key, due.Row.Text()).ShouldBe(("sms", "p-17", "路灯不亮"));
        due.Row.Position.ShouldBe(receipt.Last.Position);
        due.Row.RecordedAt.ShouldBe(receipt.RecordedAt);
        due.Row.Token.ShouldNotBe(Guid.Empty);
        due.Attempt.ShouldBe(1);
        due.Lease.ShouldNotBe(Guid.Empty);
        (await _engine!.ReadOutboxAsync()).ShouldHaveSingleItem().Token.ShouldBe(due.Row.Token);
    }

    // Recorded time runs ahead of a clock that was set back; a message does not wait for the clock to catch up.
    [PostgresFact]
    public async Task A_message_is_due_at_once_whatever_the_clock_said_when_it_was_committed()
    {
        await PutAsync(Message());

        (await Outbox.NextDueAsync(Sms)).ShouldNotBeNull().ShouldBeLessThan(T0.AddDays(-3));
        (await ClaimAsync(T0.AddDays(-3))).Count.ShouldBe(1);
    }

    [PostgresFact]
    public async Task Only_the_kinds_asked_for_are_claimed_and_due()
    {
        await PutAsync(Message("1", "webhook", "a"), Message("2", "sms", "a"), Message("3", "call", "a"));

        (await Outbox.ClaimDueAsync(["pager"], T0, 10, Lease)).ShouldBeEmpty();
        (await Outbox.ClaimDueAsync([], T0, 10, Lease)).ShouldBeEmpty();
        (await Outbox.NextDueAsync(["pager"])).ShouldBeNull();
        (await Outbox.NextDueAsync([])).ShouldBeNull();
        (await Outbox.ClaimDueAsync(["call", "webhook"], T0, 10, Lease)).Select(due => due.Row.Text()).ShouldBe(["1", "3"]);
        (await ClaimAsync(T0)).Select(due => due.Row.Text()).ShouldBe(["2"]);
    }

    [PostgresFact]
    public async Task Messages_are_claimed_in_the_order_of_their_commits_at_most_so_many_over_all_kinds()
    {
        for (var n = 1; n <= 6; n++)
            await PutAsync(Message($"{n}", n % 2 == 0 ? "sms" : "webhook", $"k{n}"));

        (await Outbox.ClaimDueAsync(["sms", "webhook"], T0, 4, Lease)).Select(due => due.Row.Text()).ShouldBe(["1", "2", "3", "4"]);
        (await Outbox.ClaimDueAsync(["sms", "webhook"], T0, 4, Lease)).Select(due => due.Row.Text()).ShouldBe(["5", "6"]);
    }

    [PostgresFact]
    public async Task A_leased_message_is_not_claimed_until_its_lease_ends_and_keeps_its_token()
    {
        await PutAsync(Message());
        var first = (await ClaimAsync(T0)).Single();

        (await ClaimAsync(T0.AddSeconds(30).AddMicroseconds(-1))).ShouldBeEmpty();
        (await Outbox.NextDueAsync(Sms)).ShouldBe(T0.AddSeconds(30));
        var second = (await ClaimAsync(T0.AddSeconds(30))).Single();

        second.Lease.ShouldNotBe(first.Lease);
        second.Attempt.ShouldBe(2);
        (second.Row.Id, second.Row.Token).ShouldBe((first.Row.Id, first.Row.Token));
    }

    [PostgresFact]
    public async Task A_completed_message_is_gone_and_completed_once()
    {
        await PutAsync(Message());
        var due = (await ClaimAsync(T0)).Single();

        (await Outbox.CompleteAsync(due)).ShouldBeTrue();

        (await Outbox.CompleteAsync(due)).ShouldBeFalse();
        (await Outbox.NextDueAsync(Sms)).ShouldBeNull();
        (await _engine!.ReadOutboxAsync()).ShouldBeEmpty();
        (await Outbox.CountAsync()).ShouldBe(new OutboxCounts(0, 0, null));
    }

    [PostgresFact]
    public async Task A_failed_message_is_due_again_at_its_next_attempt_and_not_before()
    {
        await PutAsync(Message());
        var first = (await ClaimAsync(T0)).Single();

        (await Outbox.FailAsync(first, "busy", T0.AddMinutes(2).AddTicks(3))).ShouldBeTrue();

        (await Outbox.NextDueAsync(Sms)).ShouldBe(T0.AddMinutes(2).AddMicroseconds(1));
        (await ClaimAsync(T0.AddMinutes(2))).ShouldBeEmpty();
        var second = (await ClaimAsync(T0.AddMinutes(2).AddMicroseconds(1))).Single();
        second.Attempt.ShouldBe(2);
        second.Row.Token.ShouldBe(first.Row.Token);
    }

    [PostgresFact]
    public async Task Those_never_tried_go_before_those_tried_before()
    {
        await PutAsync(Message("1", key: "a"), Message("2", key: "b"));
        foreach (var due in await ClaimAsync(T0))
            await Outbox.FailAsync(due, "busy", due.Row.Text() == "1" ? T0.AddSeconds(2) : T0.AddSeconds(1));
        await PutAsync(Message("3", key: "c"));

        (await ClaimAsync(T0.AddMinutes(1), 2)).Select(due => due.Row.Text()).ShouldBe(["2", "3"]);
        (await ClaimAsync(T0.AddMinutes(1), 2)).Select(due => due.Row.Text()).ShouldBe(["1"]);
    }

    [PostgresFact]
    public async Task A_later_message_of_a_key_waits_while_an_earlier_one_is_leased_or_waits_for_its_next_attempt()
    {
        await PutAsync(Message("1"), Message("2"), Message("3"));
        var first = (await ClaimAsync(T0)).ShouldHaveSingleItem();
        (await ClaimAsync(T0)).ShouldBeEmpty();

        await Outbox.FailAsync(first, "busy", T0.AddHours(1));
        (await ClaimAsync(T0.AddMinutes(59))).ShouldBeEmpty();
        // Nothing can be claimed earlier, although two of them were never tried.
        (await Outbox.NextDueAsync(Sms)).ShouldBe(T0.AddHours(1));

        first = (await ClaimAsync(T0.AddHours(1))).ShouldHaveSingleItem();
        first.Row.Text().ShouldBe("1");
        await Outbox.CompleteAsync(first);
        (await ClaimAsync(T0.AddHours(1))).ShouldHaveSingleItem().Row.Text().ShouldBe("2");
    }

    [PostgresFact]
    public async Task Another_key_or_another_kind_does_not_wait()
    {
        await PutAsync(Message("1", "sms", "a"), Message("2", "sms", "b"), Message("3", "webhook", "a"));

        (await Outbox.ClaimDueAsync(["sms", "webhook"], T0, 10, Lease)).Select(due => due.Row.Text()).ShouldBe(["1", "2", "3"]);
    }

    [PostgresFact]
    public async Task A_dead_letter_is_not_due_says_why_and_holds_up_nothing()
    {
        await PutAsync(Message("1"), Message("2"));
        var first = (await ClaimAsync(T0)).Single();

        (await Outbox.BuryAsync(first, "no such number", T0.AddSeconds(5))).ShouldBeTrue();

        var dead = (await Outbox.ListDeadAsync(0, 10)).ShouldHaveSingleItem();
        (dead.Row.Id, dead.Row.Text(), dead.Attempts, dead.Reason, dead.DeadAt).ShouldBe((first.Row.Id, "1", 1, "no such number", T0.AddSeconds(5)));
        var second = (await ClaimAsync(T0.AddYears(1))).ShouldHaveSingleItem();
        second.Row.Text().ShouldBe("2");
        await Outbox.CompleteAsync(second);
        (await Outbox.NextDueAsync(Sms)).ShouldBeNull();
    }

    [PostgresFact]
    public async Task Whoever_lost_the_lease_settles_nothing()
    {
        await PutAsync(Message());
        var mine = (await ClaimAsync(T0)).Single();
        var anothers = (await ClaimAsync(T0.AddSeconds(30))).Single();

        (await Outbox.CompleteAsync(mine)).ShouldBeFalse();
        (await Outbox.FailAsync(mine, "busy", T0.AddHours(1))).ShouldBeFalse();
        (await Outbox.BuryAsync(mine, "gone", T0)).ShouldBeFalse();

        (await Outbox.ListDeadAsync(0, 10)).ShouldBeEmpty();
        (await Outbox.NextDueAsync(Sms)).ShouldBe(T0.AddSeconds(60));
        (await Outbox.CompleteAsync(anothers)).ShouldBeTrue();
    }

    [PostgresFact]
    public async Task A_lease_that_ended_is_lost_only_once_another_has_it()
    {
        await PutAsync(Message());
        var due = (await ClaimAsync(T0)).Single();

        // An hour later, and nobody came for it.
        (await Outbox.CompleteAsync(due)).ShouldBeTrue();
    }

    [PostgresFact]
    public async Task A_message_settled_once_cannot_be_settled_again_under_its_old_lease()
    {
        await PutAsync(Message("1", key: "a"), Message("2", key: "b"));
        var due = await ClaimAsync(T0);
        await Outbox.FailAsync(due[0], "busy", T0.AddHours(1));
        await Outbox.BuryAsync(due[1], "gone", T0);

        foreach (var settled in due)
        {
            (await Outbox.CompleteAsync(settled)).ShouldBeFalse();
            (await Outbox.FailAsync(settled, "busy", T0)).ShouldBeFalse();
            (await Outbox.BuryAsync(settled, "gone", T0)).ShouldBeFalse();
        }

        (await Outbox.CountAsync()).ShouldBe(new OutboxCounts(1, 1, T0));
    }

    [PostgresFact]
    public async Task A_replayed_dead_letter_is_due_at_once_as_if_it_was_never_tried_and_goes_before_the_later_ones_of_its_key()
    {
        await PutAsync(Message("1"), Message("2"));
        var first = (await ClaimAsync(T0)).Single();
        await Outbox.BuryAsync(first, "no such number", T0);

        (await Outbox.ReplayAsync(first.Row.Id)).ShouldBeTrue();

        (await Outbox.ReplayAsync(first.Row.Id)).ShouldBeFalse();
        (await Outbox.ListDeadAsync(0, 10)).ShouldBeEmpty();
        var again = (await ClaimAsync(T0)).ShouldHaveSingleItem();
        (again.Row.Text(), again.Attempt, again.Row.Token).ShouldBe(("1", 1, first.Row.Token));
        await Outbox.CompleteAsync(again);
        (await ClaimAsync(T0)).ShouldHaveSingleItem().Row.Text().ShouldBe("2");
    }

    [PostgresFact]
    public async Task What_is_not_dead_is_not_replayed()
    {
        await PutAsync(Message("1", key: "a"), Message("2", key: "b"));
        var leased = (await ClaimAsync(T0, 1)).Single();

        (await Outbox.ReplayAsync(leased.Row.Id)).ShouldBeFalse();
        (await Outbox.ReplayAsync(leased.Row.Id + 1)).ShouldBeFalse();
        (await Outbox.ReplayAllAsync()).ShouldBe(0);

        (await Outbox.CompleteAsync(leased)).ShouldBeTrue();
    }

    [PostgresFact]
    public async Task All_dead_letters_or_those_of_one_kind_are_replayed()
    {
        for (var n = 1; n <= 5; n++)
            await PutAsync(Message($"{n}", n % 2 == 0 ? "sms" : "webhook", $"k{n}"));
        foreach (var due in await Outbox.ClaimDueAsync(["sms", "webhook"], T0, 10, Lease))
            await Outbox.BuryAsync(due, "gone", T0);

        (await Outbox.ReplayAllAsync("pager")).ShouldBe(0);
        (await Outbox.ReplayAllAsync("sms")).ShouldBe(2);
        (await Outbox.ListDeadAsync(0, 10)).Select(dead => dead.Row.Text()).ShouldBe(["1", "3", "5"]);
        (await Outbox.ReplayAllAsync()).ShouldBe(3);

        (await Outbox.ClaimDueAsync(["sms", "webhook"], T0, 10, Lease)).Count.ShouldBe(5);
    }

    [PostgresFact]
    public async Task Dead_letters_are_listed_page_by_page()
    {
        for (var n = 1; n <= 5; n++)
            await PutAsync(Message($"{n}", key: $"k{n}"));
        foreach (var due in await ClaimAsync(T0))
            await Outbox.BuryAsync(due, "gone", T0);

        var page = await Outbox.ListDeadAsync(0, 2);
        page.Select(dead => dead.Row.Text()).ShouldBe(["1", "2"]);
        page = await Outbox.ListDeadAsync(page[^1].Row.Id, 9);
        page.Select(dead => dead.Row.Text()).ShouldBe(["3", "4", "5"]);
        (await Outbox.ListDeadAsync(page[^1].Row.Id, 9)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Pending_and_dead_are_counted_and_the_oldest_pending_is_told()
    {
        for (var n = 1; n <= 4; n++)
        {
            await PutAsync(Message($"{n}", key: $"k{n}"));
            _engine!.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var due = await ClaimAsync(T0, 2);
        await Outbox.BuryAsync(due[0], "gone", T0);

        (await Outbox.CountAsync()).ShouldBe(new OutboxCounts(3, 1, T0.AddMinutes(1)));
        await Outbox.CompleteAsync(due[1]);
        (await Outbox.CountAsync()).ShouldBe(new OutboxCounts(2, 1, T0.AddMinutes(2)));
    }

    [PostgresFact]
    public async Task A_reason_that_cannot_be_stored_as_it_is_costs_nothing_but_itself()
    {
        await PutAsync(Message());
        var due = (await ClaimAsync(T0)).Single();

        (await Outbox.BuryAsync(due, "a\0b\r\nc \ud800 😀" + new string('x', 5000), T0)).ShouldBeTrue();

        var reason = (await Outbox.ListDeadAsync(0, 1)).Single().Reason;
        reason.ShouldStartWith("a b  c \ufffd 😀xx");
        reason.Length.ShouldBe(2000);
    }

    [PostgresFact]
    public async Task Of_many_relays_that_claim_at_once_each_message_goes_to_one_and_of_each_key_only_the_first()
    {
        await PutAsync([.. Enumerable.Range(0, 120).Select(n => Message($"{n}", key: $"k{n % 40}"))]);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Outbox.ClaimDueAsync(Sms, T0, 10, Lease))));

        var claimed = claims.SelectMany(claim => claim).ToList();
        claimed.AddRange(await ClaimAsync(T0, 100));
        claimed.Select(due => int.Parse(due.Row.Text())).Order().ShouldBe(Enumerable.Range(0, 40));
    }

    [PostgresFact]
    public async Task Relays_that_claim_and_complete_at_once_deliver_every_key_in_order()
    {
        const int keys = 7, each = 12;
        await PutAsync([.. Enumerable.Range(0, keys * each).Select(n => Message($"{n / keys}", key: $"k{n % keys}"))]);
        var delivered = new System.Collections.Concurrent.ConcurrentQueue<(string Key, int Number)>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (delivered.Count < keys * each)
                foreach (var due in await ClaimAsync(T0, 3))
                {
                    delivered.Enqueue((due.Row.Message.Key, int.Parse(due.Row.Text())));
                    (await Outbox.CompleteAsync(due)).ShouldBeTrue();
                }
        })));

        delivered.Count.ShouldBe(keys * each);
        foreach (var key in delivered.GroupBy(message => message.Key))
            key.Select(message => message.Number).ShouldBe(Enumerable.Range(0, each));
    }

    private Task<IReadOnlyList<DueMessage>> ClaimAsync(DateTimeOffset now, int atMost = 10) => Outbox.ClaimDueAsync(Sms, now, atMost, Lease);

    private Task<AppendReceipt> PutAsync(params OutboxMessage[] messages) => Log.AppendedAsync(new AppendRequest([], Outbox: messages));
}
