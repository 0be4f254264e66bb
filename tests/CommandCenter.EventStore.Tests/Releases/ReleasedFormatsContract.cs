using System.Text.Json;
using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests.Releases;

/// <summary>A database of every released format, brought to today's schema, is read and goes on.</summary>
public abstract class ReleasedFormatsContract(int major)
{
    [PostgresFact]
    public Task Every_event_decodes_through_todays_catalogue() => OnEachAsync(async (golden, engine) =>
    {
        var catalogue = StoredEvents.Catalogue();
        var types = catalogue.Entries.Select(entry => entry.Type).ToHashSet();

        var events = await engine.Log.ReadLogAsync(0, int.MaxValue);

        events.Select(e => e.Position.Position).ShouldBe(Enumerable.Range(1, (int)golden.Head.Last.Position).Select(n => (long)n));
        events.Select(e => catalogue.Decode(e).GetType()).ShouldAllBe(type => types.Contains(type));
        (await engine.Log.ReadTypesAsync([.. events.Select(e => e.Type)], 0, int.MaxValue)).Select(e => e.Id).ShouldBe(events.Select(e => e.Id));
    });

    [PostgresFact]
    public Task The_tree_is_the_one_that_was_printed_then() => OnEachAsync(async (golden, engine) =>
    {
        var report = await new LogVerifier(engine.DataSource).VerifyAsync([golden.Head]);

        report.First.ShouldBeNull();
        report.Head.ToString().ShouldBe(golden.Head.ToString());
        var proof = await new TreeReader(engine.DataSource).InclusionAsync(1, golden.Head.Last.Position);
        proof.Root.ToArray().ShouldBe(golden.Head.Root.ToArray());
    });

    [PostgresFact]
    public Task Every_stream_folds() => OnEachAsync(async (_, engine) =>
    {
        var catalogue = StoredEvents.Catalogue();
        var streams = (await engine.Log.ReadLogAsync(0, int.MaxValue)).Select(e => e.Stream).Distinct().ToList();

        streams.Select(stream => stream.Category).ShouldContain("case");
        foreach (var stream in streams.Where(stream => stream.Category == "case"))
            Domain.Cases.Case.Fold((await engine.Log.ReadStreamAsync(stream)).Select(FactOf)).ShouldBeAssignableTo<Domain.Cases.Case.Known>(stream.ToString());

        Fact<CaseEvent> FactOf(StoredEvent e) => new(
            (CaseEvent)catalogue.Decode(e), new By(e.Origin.Actor, JsonSerializer.Deserialize<Role>($"\"{e.Origin.Role}\"", DomainJson.Options), AreaCode.Parse(e.Origin.Place)), e.Origin.HappenedAt, e.RecordedAt);
    });

    [PostgresFact]
    public Task Appending_goes_on_where_it_ended() => OnEachAsync(async (golden, engine) =>
    {
        var last = (await engine.Log.ReadLogAsync(golden.Head.Last.Position - 1, 1)).Single();

        var receipt = await engine.Log.AppendedAsync(Request(To(last.Stream, ExpectedVersion.After(last.StreamVersion)), New(Case(77))) with { Command = Command("after"), Timers = [new TimerChange.Set(Timer(), T0)] });

        receipt.Last.ShouldBe(new LogPosition(golden.Head.Last.Epoch, golden.Head.Last.Position + 2));
        receipt.RecordedAt.ShouldBeGreaterThan(last.RecordedAt);
        (await new LogVerifier(engine.DataSource).VerifyAsync([golden.Head])).First.ShouldBeNull();
        (await engine.Log.FollowAsync(golden.Head.Last, CancellationToken.None).TakeAsync(2)).Select(e => e.Stream).ShouldBe([last.Stream, Case(77)]);
    });

    [PostgresFact]
    public Task Every_timer_is_claimed_and_consumed_leased_or_not() => OnEachAsync(async (_, engine) =>
    {
        var set = await engine.ScalarAsync<long>("select count(*) from cc_timers");
        set.ShouldBeGreaterThan(await engine.ScalarAsync<long>("select count(*) from cc_timers where lease is null"));

        var due = await engine.Timers.ClaimDueAsync(T0.AddYears(1), 100, TimeSpan.FromMinutes(1));

        due.Count.ShouldBe((int)set);
        due.Select(timer => timer.DueAt).ShouldBeInOrder(SortDirection.Ascending);
        foreach (var timer in due)
            await engine.Log.AppendedAsync(Request(To(StreamKey.Of("case", timer.Key.SagaId), new ExpectedVersion.StreamExists())) with { Fired = timer });
        (await engine.Timers.NextDueAsync()).ShouldBeNull();
    });

    [PostgresFact]
    public Task A_repeated_command_gets_its_first_answer() => OnEachAsync(async (golden, engine) =>
    {
        var events = await engine.Log.ReadLogAsync(0, int.MaxValue);
        var commands = events.Where(e => e.CausationId!.StartsWith("command:", StringComparison.Ordinal)).GroupBy(e => e.CausationId!["command:".Length..]).ToList();
        commands.Count.ShouldBe((int)await engine.ScalarAsync<long>("select count(*) from cc_commands"));

        foreach (var command in commands)
        {
            var last = command.Last();
            var first = (await engine.Log.AppendAsync(Request(New(Case(77))) with { Command = Command(command.Key, last.Origin.Actor) })).ShouldBeOfType<AppendResult.Repeated>(command.Key).First;
            first.Last.ShouldBe(last.Position);
            first.RecordedAt.ShouldBe(last.RecordedAt);
            first.Streams.ShouldContain(new StreamReceipt(last.Stream, last.StreamVersion));
            (await engine.Log.AppendAsync(Request(New(Case(77))) with { Command = Command(command.Key, last.Origin.Actor, content: 9) })).ShouldBe(new AppendResult.CommandIdReused());
        }

        (await engine.Log.HeadAsync()).Last.ShouldBe(golden.Head.Last);
    });

    [PostgresFact]
    public Task Every_message_of_the_outbox_is_read() => OnEachAsync(async (golden, engine) =>
    {
        var rows = await engine.ReadOutboxAsync();

        rows.ShouldNotBeEmpty();
        rows.ShouldAllBe(row => row.Message.Kind.Length > 0 && row.Message.Payload.Length > 0 && row.Position <= golden.Head.Last.Position);
    });

    private async Task OnEachAsync(Func<GoldenDatabase, PostgresEngine, Task> test)
    {
        foreach (var golden in GoldenDatabase.All)
        {
            await using var engine = PostgresEngine.On(await golden.RestoreAsync(major));
            (await SchemaInstaller.InstallAsync(engine.DataSource)).ShouldBe(SchemaInstaller.Version - golden.Steps.Count);
            await test(golden, engine);
        }
    }
}

[OnPostgres(15)]
public sealed class ReleasedFormatsOnPostgres15() : ReleasedFormatsContract(15);

[OnPostgres(18)]
public sealed class ReleasedFormatsOnPostgres18() : ReleasedFormatsContract(18);
