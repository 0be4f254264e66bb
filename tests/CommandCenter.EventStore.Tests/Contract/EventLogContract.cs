using System.Text;
using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

/// <summary>What every event log does, whatever it stands on.</summary>
public abstract class EventLogContract : IAsyncLifetime
{
    // Nothing here takes long; a test that hangs says so instead of holding the run.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private Engine? _engine;

    protected abstract Task<Engine> StartAsync();

    private IEventLog Log => _engine!.Log;

    public async Task InitializeAsync() => _engine = await StartAsync();

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _limit.Dispose();
    }

    [PostgresFact]
    public async Task An_empty_log_has_position_zero_and_the_root_of_the_empty_tree()
    {
        var head = await Log.HeadAsync();

        head.Last.ShouldBe(new LogPosition(1, 0));
        head.RecordedAt.ShouldBeNull();
        Convert.ToHexStringLower(head.TreeRoot.Span).ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        (await Log.ReadLogAsync(0, 10)).ShouldBeEmpty();
        (await Log.ReadStreamAsync(Case(1))).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task What_is_appended_is_read_back_as_it_was_given()
    {
        var origin = new EventOrigin("p-17 王", "grid_worker", "330106012003001", new DateTimeOffset(2026, 11, 20, 7, 8, 9, TimeSpan.FromHours(8)).AddTicks(1234567));
        var given = new NewEvent("case_reported", "Tests.CaseReported, Tests", """{ "text": "路灯\u4e0d亮 😀", "a": [1, true, {"y":2,"x":-3}] }"""u8.ToArray(), origin, "case:1", "command:k1");

        var receipt = await Log.AppendedAsync(Request(New(Case(1), given)));

        receipt.Last.ShouldBe(new LogPosition(1, 1));
        receipt.RecordedAt.ShouldBe(_engine!.Clock.GetUtcNow());
        receipt.Streams.ShouldBe([new StreamReceipt(Case(1), 1)]);
        var stored = (await Log.ReadStreamAsync(Case(1))).ShouldHaveSingleItem();
        stored.Position.ShouldBe(receipt.Last);
        stored.Stream.ShouldBe(Case(1));
        stored.StreamVersion.ShouldBe(1);
        stored.Type.ShouldBe("case_reported");
        stored.RecordedAt.ShouldBe(receipt.RecordedAt);
        stored.Origin.ShouldBe(origin with { HappenedAt = new DateTimeOffset(2026, 11, 19, 23, 8, 9, TimeSpan.Zero).AddMicroseconds(123456) });
        stored.Text().ShouldBe("""{"a":[1,true,{"x":-3,"y":2}],"text":"路灯不亮 😀"}""");
        stored.CorrelationId.ShouldBe("case:1");
        stored.CausationId.ShouldBe("command:k1");
        stored.Id.Version.ShouldBe(7);
        (await Log.ReadLogAsync(0, 10)).ShouldHaveSingleItem().Id.ShouldBe(stored.Id);
        (await Log.HeadAsync()).Last.ShouldBe(receipt.Last);
    }

    [PostgresFact]
    public async Task A_stream_is_read_from_after_a_version_in_order()
    {
        await Log.AppendedAsync(Request(New(Case(1), Event(data: """{"n":1}"""), Event(data: """{"n":2}"""), Event(data: """{"n":3}"""))));

        var rest = await Log.ReadStreamAsync(Case(1), afterVersion: 1);

        rest.Select(e => e.StreamVersion).ShouldBe([2, 3]);
        rest.Select(e => e.Text()).ShouldBe(["""{"n":2}""", """{"n":3}"""]);
        (await Log.ReadStreamAsync(Case(1), afterVersion: 3)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task The_log_is_read_from_after_a_position_at_most_so_many_at_once()
    {
        for (var i = 1; i <= 5; i++)
            await Log.AppendedAsync(Request(New(Case(i))));

        (await Log.ReadLogAsync(1, 3)).Select(e => e.Position.Position).ShouldBe([2, 3, 4]);
        (await Log.ReadLogAsync(4, 3)).Select(e => e.Position.Position).ShouldBe([5]);
        (await Log.ReadLogAsync(5, 3)).ShouldBeEmpty();
        (await Log.ReadLogAsync(99, 3)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Events_of_several_types_are_read_in_position_order_at_most_so_many_at_once()
    {
        await Log.AppendedAsync(Request(New(Case(1), Event("case_reported"), Event("case_filed"), Event("case_closed"))));
        await Log.AppendedAsync(Request(New(Case(2), Event("case_reported"), Event("case_filed_v2"), Event("case_filed"))));
        await Log.AppendedAsync(Request(New(Case(3), Event("case_reported"))));

        (await ReadAsync(0, 10, "case_filed", "case_reported")).ShouldBe([(1, "case_reported"), (2, "case_filed"), (4, "case_reported"), (6, "case_filed"), (7, "case_reported")]);
        (await ReadAsync(0, 3, "case_filed", "case_reported")).ShouldBe([(1, "case_reported"), (2, "case_filed"), (4, "case_reported")]);
        (await ReadAsync(4, 3, "case_filed", "case_reported")).ShouldBe([(6, "case_filed"), (7, "case_reported")]);
        (await ReadAsync(7, 3, "case_filed", "case_reported")).ShouldBeEmpty();
        (await Log.ReadTypesAsync(["case_closed"], 0, 10)).ShouldHaveSingleItem().Id.ShouldBe((await Log.ReadStreamAsync(Case(1)))[2].Id);

        async Task<List<(long, string)>> ReadAsync(long after, int atMost, params string[] types) =>
            [.. (await Log.ReadTypesAsync(types, after, atMost)).Select(e => (e.Position.Position, e.Type))];
    }

    [PostgresFact]
    public async Task A_type_named_twice_is_read_once_and_one_that_nobody_wrote_has_no_events()
    {
        await Log.AppendedAsync(Request(New(Case(1), Event("case_reported"), Event("case_filed"))));

        (await Log.ReadTypesAsync(["case_reported", "case_never", "case_reported"], 0, 10)).ShouldHaveSingleItem().Type.ShouldBe("case_reported");
        (await Log.ReadTypesAsync(["case_never", "case", "CASE_FILED", "%"], 0, 10)).ShouldBeEmpty();
        (await Log.ReadTypesAsync([], 0, 10)).ShouldBeEmpty();
        (await Log.ReadTypesAsync(["case_reported"], 0, 0)).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_writer_that_expected_no_stream_loses_to_one_that_is_there()
    {
        await Log.AppendedAsync(Request(New(Case(1))));

        (await Log.AppendAsync(Request(New(Case(1))))).ShouldBe(new AppendResult.VersionConflict(Case(1), new ExpectedVersion.NoStream(), 1));

        (await Log.HeadAsync()).Last.Position.ShouldBe(1);
    }

    [PostgresFact]
    public async Task A_writer_that_expected_another_version_loses_and_burns_no_position()
    {
        await Log.AppendedAsync(Request(New(Case(1), Event(), Event())));

        (await Log.AppendAsync(Request(To(Case(1), new ExpectedVersion.Exactly(1))))).ShouldBe(new AppendResult.VersionConflict(Case(1), new ExpectedVersion.Exactly(1), 2));
        (await Log.AppendAsync(Request(To(Case(2), new ExpectedVersion.Exactly(1))))).ShouldBe(new AppendResult.VersionConflict(Case(2), new ExpectedVersion.Exactly(1), 0));
        (await Log.AppendAsync(Request(To(Case(2), new ExpectedVersion.StreamExists())))).ShouldBe(new AppendResult.VersionConflict(Case(2), new ExpectedVersion.StreamExists(), 0));

        (await Log.AppendedAsync(Request(To(Case(1), new ExpectedVersion.Exactly(2))))).Last.Position.ShouldBe(3);
        (await Log.AppendedAsync(Request(To(Case(1), new ExpectedVersion.StreamExists())))).Streams.ShouldBe([new StreamReceipt(Case(1), 4)]);
    }

    [PostgresFact]
    public async Task A_writer_that_does_not_care_starts_a_stream_or_goes_on_with_it()
    {
        var inbox = StreamKey.Of("inbox", "p-9");

        (await Log.AppendedAsync(Request(To(inbox, new ExpectedVersion.Any())))).Streams.ShouldBe([new StreamReceipt(inbox, 1)]);
        (await Log.AppendedAsync(Request(To(inbox, new ExpectedVersion.Any())))).Streams.ShouldBe([new StreamReceipt(inbox, 2)]);
    }

    [PostgresFact]
    public async Task An_append_over_several_streams_stands_as_a_whole()
    {
        var receipt = await Log.AppendedAsync(Request(New(Case(1), Event(), Event()), To(Case(2), new ExpectedVersion.Any())));

        receipt.Last.Position.ShouldBe(3);
        receipt.Streams.ShouldBe([new StreamReceipt(Case(1), 2), new StreamReceipt(Case(2), 1)]);
        (await Log.ReadLogAsync(0, 10)).Select(e => (e.Stream, e.StreamVersion)).ShouldBe([(Case(1), 1), (Case(1), 2), (Case(2), 1)]);
    }

    [PostgresFact]
    public async Task An_append_over_several_streams_falls_as_a_whole()
    {
        await Log.AppendedAsync(Request(New(Case(2))));
        var before = await Log.HeadAsync();

        var result = await Log.AppendAsync(new AppendRequest(
            [New(Case(1)), New(Case(2))], Command(), [new TimerChange.Set(Timer(), T0)], null, [new OutboxMessage("sms", "k", "x"u8.ToArray())]));

        result.ShouldBe(new AppendResult.VersionConflict(Case(2), new ExpectedVersion.NoStream(), 1));
        (await Log.ReadStreamAsync(Case(1))).ShouldBeEmpty();
        var after = await Log.HeadAsync();
        after.Last.ShouldBe(before.Last);
        after.TreeRoot.ToArray().ShouldBe(before.TreeRoot.ToArray());
        (await Log.FindCommandAsync("p-17", "k1")).ShouldBeNull();
        (await _engine!.Timers.NextDueAsync()).ShouldBeNull();
        (await _engine.ReadOutboxAsync()).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task A_stream_named_twice_in_one_append_is_taken_one_part_after_the_other()
    {
        var receipt = await Log.AppendedAsync(Request(New(Case(1)), To(Case(1), new ExpectedVersion.Exactly(1))));
        receipt.Streams.ShouldBe([new StreamReceipt(Case(1), 2)]);

        (await Log.AppendAsync(Request(To(Case(1), new ExpectedVersion.Exactly(2)), To(Case(1), new ExpectedVersion.Exactly(2)))))
            .ShouldBe(new AppendResult.VersionConflict(Case(1), new ExpectedVersion.Exactly(2), 3));
    }

    [PostgresFact]
    public async Task A_repeated_command_gets_its_first_answer_and_appends_nothing()
    {
        var request = Request(New(Case(1), Event(), Event())) with { Command = Command() };
        var first = await Log.AppendedAsync(request);
        await Log.AppendedAsync(Request(To(Case(1), new ExpectedVersion.Any())));

        var again = (await Log.AppendAsync(request)).ShouldBeOfType<AppendResult.Repeated>().First;

        again.Last.ShouldBe(first.Last);
        again.RecordedAt.ShouldBe(first.RecordedAt);
        again.Streams.ShouldBe(first.Streams);
        (await Log.HeadAsync()).Last.Position.ShouldBe(3);
    }

    [PostgresFact]
    public async Task A_command_id_with_other_content_is_refused()
    {
        await Log.AppendedAsync(Request(New(Case(1))) with { Command = Command(content: 1) });

        (await Log.AppendAsync(Request(New(Case(2))) with { Command = Command(content: 2) })).ShouldBe(new AppendResult.CommandIdReused());

        (await Log.ReadStreamAsync(Case(2))).ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Another_actor_may_use_the_same_command_id()
    {
        await Log.AppendedAsync(Request(New(Case(1))) with { Command = Command(actor: "p-17", content: 1) });

        (await Log.AppendedAsync(Request(New(Case(2))) with { Command = Command(actor: "p-18", content: 2) })).Last.Position.ShouldBe(2);
    }

    [PostgresFact]
    public async Task A_command_that_lost_may_be_sent_again_under_its_id()
    {
        await Log.AppendedAsync(Request(New(Case(1))));
        (await Log.AppendAsync(Request(New(Case(1))) with { Command = Command() })).ShouldBeOfType<AppendResult.VersionConflict>();

        (await Log.AppendAsync(Request(To(Case(1), new ExpectedVersion.Exactly(1))) with { Command = Command(content: 9) })).ShouldBeOfType<AppendResult.Appended>();
    }

    [PostgresFact]
    public async Task A_command_is_found_with_its_receipt_and_the_hash_of_its_request()
    {
        var receipt = await Log.AppendedAsync(Request(New(Case(1))) with { Command = Command(content: 7) });

        var found = (await Log.FindCommandAsync("p-17", "k1")).ShouldNotBeNull();

        found.Receipt.Last.ShouldBe(receipt.Last);
        found.RequestHash.ToArray().ShouldBe(Enumerable.Repeat((byte)7, 32));
        (await Log.FindCommandAsync("p-18", "k1")).ShouldBeNull();
        (await Log.FindCommandAsync("p-17", "k2")).ShouldBeNull();
    }

    [PostgresFact]
    public async Task Commands_are_forgotten_after_400_days()
    {
        await Log.AppendedAsync(Request(New(Case(1))) with { Command = Command("old") });
        _engine!.Clock.Advance(TimeSpan.FromDays(1));
        await Log.AppendedAsync(Request(New(Case(2))) with { Command = Command("young") });

        (await _engine.ForgetCommandsAsync(T0.AddDays(400))).ShouldBe(0);
        (await _engine.ForgetCommandsAsync(T0.AddDays(400).AddMicroseconds(1))).ShouldBe(1);

        (await Log.FindCommandAsync("p-17", "old")).ShouldBeNull();
        (await Log.FindCommandAsync("p-17", "young")).ShouldNotBeNull();
    }

    [PostgresFact]
    public async Task An_append_without_events_stands_at_the_head_and_keeps_its_command()
    {
        await Log.AppendedAsync(Request(New(Case(1))));
        _engine!.Clock.Advance(TimeSpan.FromHours(1));

        var receipt = await Log.AppendedAsync(new AppendRequest([], Command(), [new TimerChange.Set(Timer(), T0.AddDays(1))]));

        receipt.Last.ShouldBe(new LogPosition(1, 1));
        receipt.RecordedAt.ShouldBe(T0.AddHours(1));
        receipt.Streams.ShouldBeEmpty();
        (await Log.HeadAsync()).RecordedAt.ShouldBe(T0);
        (await Log.FindCommandAsync("p-17", "k1")).ShouldNotBeNull();
    }

    [PostgresFact]
    public async Task Recorded_time_rises_strictly_although_the_clock_jumps_back()
    {
        await Log.AppendedAsync(Request(New(Case(1), Event(), Event())));
        _engine!.Clock.SetWallClock(T0.AddDays(-3));
        await Log.AppendedAsync(Request(New(Case(2), Event(), Event())));
        (await Log.AppendedAsync(new AppendRequest([], Command()))).RecordedAt.ShouldBe(T0.AddMicroseconds(3));
        _engine.Clock.SetWallClock(T0.AddTicks(55));
        await Log.AppendedAsync(Request(New(Case(3))));

        var times = (await Log.ReadLogAsync(0, 10)).Select(e => e.RecordedAt).ToList();

        times.ShouldBe([T0, T0.AddMicroseconds(1), T0.AddMicroseconds(2), T0.AddMicroseconds(3), T0.AddMicroseconds(5)]);
    }

    [PostgresFact]
    public async Task Data_that_cannot_be_stored_is_refused_before_anything_is_written()
    {
        string[] refused =
        [
            """{"text":"a\u0000b"}""", """{"text":"\ud800"}""", """{"text":"\udc00\ud800"}""", """{"n":1.5}""", """{"n":1e3}""", """{"n":-0}""", """{"n":9007199254740992}""",
            """{"a":null}""", """{"a":1,"a":2}""", """[1]""", """7""", """{"a":1} x""", "", "{", "{\"a\":1,}", "{/*c*/}",
        ];
        foreach (var data in refused)
            await Should.ThrowAsync<EventDataException>(() => Log.AppendAsync(Request(New(Case(1), Event(data: data)))), data);
        await Should.ThrowAsync<EventDataException>(() => Log.AppendAsync(Request(New(Case(1), Event() with { Data = new byte[] { (byte)'{', (byte)'"', 0xED, 0xA0, 0x80, (byte)'"', (byte)':', (byte)'1', (byte)'}' } }))));

        (await Log.HeadAsync()).Last.Position.ShouldBe(0);
    }

    [PostgresFact]
    public async Task Names_and_headers_that_cannot_be_stored_are_refused()
    {
        NewEvent[] events =
        [
            Event() with { Type = "CaseReported" }, Event() with { Type = "" }, Event() with { Type = new string('a', 201) }, Event() with { DotnetType = "" },
            Event() with { Origin = Origin with { Actor = "" } }, Event() with { Origin = Origin with { Actor = "a\0b" } }, Event() with { Origin = Origin with { Role = "\ud800" } },
            Event() with { Origin = Origin with { Place = "\udc00\ud800" } }, Event() with { CorrelationId = "a\nb" }, Event() with { CausationId = new string('c', 501) },
        ];
        foreach (var e in events)
            await Should.ThrowAsync<EventDataException>(() => Log.AppendAsync(Request(New(Case(1), e))), e.ToString());

        AppendRequest[] requests =
        [
            Request(new StreamAppend(Case(1), "Case", new ExpectedVersion.Any(), [Event()])),
            Request(new StreamAppend(default, "case", new ExpectedVersion.Any(), [Event()])),
            Request(new StreamAppend(Case(1), "case", new ExpectedVersion.Exactly(0), [Event()])), Request(new StreamAppend(Case(1), "case", new ExpectedVersion.Exactly(-1), [Event()])),
            Request(new StreamAppend(Case(1), "case", null!, [Event()])),
            Request() with { Command = Command(id: "") }, Request() with { Command = Command(id: "a b") }, Request() with { Command = Command(id: "é") },
            Request() with { Command = Command(id: new string('k', 201)) }, Request() with { Command = Command(actor: "\0") },
            Request() with { Command = new CommandId("p-17", "k", new byte[31]) },
            Request() with { Timers = [new TimerChange.Set(Timer(name: "a b"), T0)] }, Request() with { Timers = [new TimerChange.Cancel(Timer(attempt: -1))] },
            Request() with { Outbox = [new OutboxMessage("", "k", default)] },
        ];
        foreach (var request in requests)
            await Should.ThrowAsync<EventDataException>(() => Log.AppendAsync(request), request.ToString());

        (await Log.HeadAsync()).Last.Position.ShouldBe(0);
    }

    [PostgresFact]
    public async Task Outbox_messages_are_committed_with_the_events_in_order()
    {
        await Log.AppendedAsync(Request(New(Case(1))) with { Outbox = [new OutboxMessage("sms", "b", "2"u8.ToArray()), new OutboxMessage("sms", "a", "1"u8.ToArray())] });
        await Log.AppendedAsync(Request(New(Case(2))) with { Outbox = [new OutboxMessage("webhook", "c", "3"u8.ToArray())] });

        var rows = await _engine!.ReadOutboxAsync();

        rows.Select(row => (row.Message.Kind, row.Message.Key, Encoding.UTF8.GetString(row.Message.Payload.Span), row.Position))
            .ShouldBe([("sms", "b", "2", 1), ("sms", "a", "1", 1), ("webhook", "c", "3", 2)]);
        rows.Select(row => row.Id).ShouldBeInOrder(SortDirection.Ascending);
    }

    [PostgresFact]
    public async Task A_follower_gets_what_was_there_and_what_comes_in_position_order()
    {
        await Log.AppendedAsync(Request(New(Case(1)), New(Case(2))));
        var following = Log.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(5);
        await Log.AppendedAsync(Request(New(Case(3))));
        await Log.AppendedAsync(Request(New(Case(4)), New(Case(5))));

        (await following).Select(e => e.Position.Position).ShouldBe([1, 2, 3, 4, 5]);
    }

    [PostgresFact]
    public async Task A_follower_starts_after_its_position()
    {
        await Log.AppendedAsync(Request(New(Case(1)), New(Case(2)), New(Case(3))));

        (await Log.FollowAsync(new LogPosition(1, 2), _limit.Token).TakeAsync(1)).ShouldHaveSingleItem().Position.Position.ShouldBe(3);
    }

    [PostgresFact]
    public async Task A_follower_ends_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var following = Log.FollowAsync(new LogPosition(1, 0), stop.Token).TakeAsync(1);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(following);
    }

    [PostgresFact]
    public async Task A_follower_of_another_epoch_is_told_so()
    {
        await Log.AppendedAsync(Request(New(Case(1))));
        var following = Log.FollowAsync(new LogPosition(1, 1), _limit.Token).TakeAsync(1);

        (await _engine!.RaiseEpochAsync()).ShouldBe(2);

        var told = await Should.ThrowAsync<EpochChangedException>(following);
        (told.Expected, told.Actual).ShouldBe((1, 2));
        await Should.ThrowAsync<EpochChangedException>(() => Log.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(1));
        (await Log.FollowAsync(new LogPosition(2, 0), _limit.Token).TakeAsync(1)).ShouldHaveSingleItem().Position.ShouldBe(new LogPosition(2, 1));
        (await Log.AppendedAsync(Request(New(Case(2))))).Last.ShouldBe(new LogPosition(2, 2));
    }

    [PostgresFact]
    public async Task A_follower_ahead_of_the_log_is_told_that_commits_were_lost()
    {
        await Log.AppendedAsync(Request(New(Case(1))));

        await Should.ThrowAsync<EpochChangedException>(() => Log.FollowAsync(new LogPosition(1, 2), _limit.Token).TakeAsync(1));
    }

    [PostgresFact]
    public async Task Positions_of_many_writers_are_dense_and_a_follower_misses_none()
    {
        const int writers = 16, each = 25;
        var following = Log.FollowAsync(new LogPosition(1, 0), _limit.Token).TakeAsync(writers * each);

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                // Half of the writers share one stream and write on whatever it has become, half have their own.
                var append = writer % 2 == 0 ? To(Case(1), new ExpectedVersion.Any()) : To(Case(100 + writer), ExpectedVersion.After(i));
                await Log.AppendedAsync(Request(append));
            }
        })));

        var events = await following;
        events.Select(e => e.Position.Position).ShouldBe(Enumerable.Range(1, writers * each).Select(n => (long)n));
        events.Zip(events.Skip(1)).ShouldAllBe(pair => pair.First.RecordedAt < pair.Second.RecordedAt);
        foreach (var stream in events.GroupBy(e => e.Stream))
            stream.Select(e => e.StreamVersion).ShouldBe(Enumerable.Range(1, stream.Count()).Select(n => (long)n));
        events.Select(e => e.Id).Distinct().Count().ShouldBe(events.Count);
    }

    [PostgresFact]
    public async Task Of_many_writers_that_expect_the_same_version_one_wins()
    {
        await Log.AppendedAsync(Request(New(Case(1))));

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Log.AppendAsync(Request(To(Case(1), new ExpectedVersion.Exactly(1)))))));

        results.Count(result => result is AppendResult.Appended).ShouldBe(1);
        results.Count(result => result is AppendResult.VersionConflict { Actual: 2 }).ShouldBe(15);
    }

    [PostgresFact]
    public async Task Of_one_command_sent_many_times_at_once_one_is_carried_out()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Log.AppendAsync(Request(To(Case(1), new ExpectedVersion.Any())) with { Command = Command() }))));

        results.Count(result => result is AppendResult.Appended).ShouldBe(1);
        results.OfType<AppendResult.Repeated>().Count(repeat => repeat.First.Last.Position == 1).ShouldBe(15);
        (await Log.ReadStreamAsync(Case(1))).Count.ShouldBe(1);
    }

    [PostgresFact]
    public async Task The_root_grows_with_every_event()
    {
        var roots = new HashSet<string>();
        for (var i = 1; i <= 9; i++)
        {
            await Log.AppendedAsync(Request(New(Case(i))));
            roots.Add(Convert.ToHexString((await Log.HeadAsync()).TreeRoot.Span)).ShouldBeTrue();
        }
    }
}
