using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Deadlines;
using CommandCenter.Host.Inbox;
using CommandCenter.Testing.Clock;

namespace CommandCenter.Host.Tests.Inbox;

/// <summary>What the timers of inboxes append, over a log in memory.</summary>
public sealed class InboxStreamsTests
{
    private static readonly AreaCode District = AreaCode.Parse("500999");
    private static readonly AreaCode Town = AreaCode.Parse("500999101");
    private static readonly AreaCode OtherTown = AreaCode.Parse("500999102");

    private readonly VirtualClock _clock = new();
    private readonly EventCatalogue _catalogue = StoredEvents.Catalogue();

    [Fact]
    public async Task What_one_firing_passes_on_of_two_towns_goes_on_in_the_name_of_each()
    {
        var log = new InMemoryEventLog(_clock);
        var (commands, inboxes) = Over(log, log);
        await TellAsync(log, commands, "supervisor", "case:1", Town);
        await TellAsync(log, commands, "supervisor", "case:2", OtherTown);
        _clock.Advance(TimeSpan.FromMinutes(15));
        await FireAsync(log, inboxes);

        foreach (var (person, subject, town) in ((string, string, AreaCode)[])[("operator", "case:1", Town), ("other-operator", "case:2", OtherTown)])
        {
            var told = (await inboxes.LoadAsync(person, CancellationToken.None)).State.InOrder.ShouldHaveSingleItem();
            (told.Sent.Subject, told.Place, told.Sent.From!.Step).ShouldBe((subject, town, PassOnStep.DutyDesk));
        }
    }

    [Fact]
    public async Task A_timer_with_nothing_to_do_is_consumed()
    {
        var log = new InMemoryEventLog(_clock);
        var (commands, inboxes) = Over(log, log);
        await TellAsync(log, commands, "operator", "case:1", Town);
        await ReadAsync(log, inboxes, "operator");
        _clock.Advance(TimeSpan.FromMinutes(15));
        await FireAsync(log, inboxes);

        (await log.NextDueAsync()).ShouldBeNull();
        (await log.ReadStreamAsync(StreamCommands.InboxOf("operator"))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task After_a_failover_that_lost_commits_an_inbox_is_folded_anew_and_what_is_unread_there_goes_on()
    {
        var (lost, left) = (new InMemoryEventLog(_clock), new InMemoryEventLog(_clock));
        var log = new Failover { Now = lost };
        var (commands, inboxes) = Over(log, left);
        foreach (var each in (InMemoryEventLog[])[lost, left])
            await TellAsync(each, commands, "operator", "case:1", Town);
        await ReadAsync(lost, inboxes, "operator");
        (await inboxes.LoadAsync("operator", CancellationToken.None)).Version.ShouldBe(2);
        // The replica never heard that it was read.
        log.Now = left;
        _clock.Advance(TimeSpan.FromMinutes(15));
        await FireAsync(left, inboxes);

        var told = (await left.ReadStreamAsync(StreamCommands.InboxOf("supervisor"))).ShouldHaveSingleItem();
        commands.FactOf<InboxEvent>(told).Event.ShouldBeOfType<NoticeSent>().From!.Person.ShouldBe("operator");
    }

    private (StreamCommands Commands, InboxStreams Inboxes) Over(IEventLog log, InMemoryEventLog timers)
    {
        var organization = new Fixed(new OrganizationDirectory(
            TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"),
            [new Area(District, "示例区", "Sample District", null), new Area(Town, "示例镇", "Sample Town", null), new Area(OtherTown, "邻镇", "Neighbour Town", null)], [],
            [
                Holder("supervisor", Role.DistrictSupervisor, District), Holder("operator", Role.CenterOperator, Town), Holder("other-operator", Role.CenterOperator, OtherTown),
            ],
            [], []));
        var plan = NoticePlanFile.Read(Path.Combine(AppContext.BaseDirectory, "Inbox", "plans", "default-1.json"));
        var routes = new NoticeRoutes(plan, [], ReadPolicies.Of(PolicyFolder.Read(PolicyFolder.Bundled, "default-1", CalendarFolder.Bundled).Begun, District, _clock), organization);
        var commands = new StreamCommands(log, _catalogue, routes);
        return (commands, new InboxStreams(log, commands, _catalogue, routes, NoticeChain.NoRoster, timers));
    }

    private static Person Holder(string id, Role role, AreaCode place) => new(id, id, id, [new RoleAt(role, place)]);

    private async Task TellAsync(IEventLog log, StreamCommands commands, string person, string subject, AreaCode town)
    {
        var told = commands.Told(
            [new Notice(person, new NoticeSent(NoticeKind.Reported, subject, person == "operator" ? Role.CenterOperator : Role.DistrictSupervisor, RecipientReason.Holder), Urgency.Urgent)],
            NoticeSaga.Engine(town), _clock.GetUtcNow(), null, null);
        (await log.AppendAsync(new AppendRequest(told.Inboxes, Timers: told.Timers))).ShouldBeOfType<AppendResult.Appended>();
    }

    private async Task ReadAsync(IEventLog log, InboxStreams inboxes, string person)
    {
        var notice = (await inboxes.LoadAsync(person, CancellationToken.None)).State.InOrder.Single();
        var read = _catalogue.Encode(new NoticeRead(notice.Id), new EventOrigin(person, "center_operator", Town.Value, _clock.GetUtcNow()), notice.Sent.Subject, null);
        await log.AppendAsync(new AppendRequest([new StreamAppend(StreamCommands.InboxOf(person), "inbox", new ExpectedVersion.StreamExists(), [read])]));
    }

    private async Task FireAsync(InMemoryEventLog log, InboxStreams inboxes)
    {
        foreach (var timer in await log.ClaimDueAsync(_clock.GetUtcNow(), 10, TimeSpan.FromSeconds(30)))
            await inboxes.FireAsync(timer, _clock.GetUtcNow(), CancellationToken.None);
    }

    private sealed class Fixed(OrganizationDirectory directory) : IOrganization
    {
        public OrganizationHistory History => throw new NotSupportedException("Nobody asks for the days before.");

        public long Version => 0;

        public OrganizationDirectory Now => directory;

        public OrganizationHistory AsOf(long position) => throw new NotSupportedException("Nobody asks for the days before.");

        public OrganizationDirectory At(DateTimeOffset instant) => directory;

        public Task<bool> FollowedAsync(long version, CancellationToken cancellation) => Task.FromResult(version == 0);

        public Task<bool> FollowedAsync(LogPosition position, CancellationToken cancellation) => Task.FromResult(true);

        public long Changes => 0;

        public Task ReachedAsync(LogPosition position, CancellationToken cancellation) => Task.CompletedTask;
    }

    /// <summary>One address, behind which another server takes over.</summary>
    private sealed class Failover : IEventLog
    {
        public required IEventLog Now { get; set; }

        public Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default) => Now.AppendAsync(request, cancellation);

        public Task<(AppendReceipt Receipt, ReadOnlyMemory<byte> RequestHash)?> FindCommandAsync(string actor, string commandId, CancellationToken cancellation = default) =>
            Now.FindCommandAsync(actor, commandId, cancellation);

        public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamKey stream, long afterVersion = 0, CancellationToken cancellation = default) => Now.ReadStreamAsync(stream, afterVersion, cancellation);

        public Task<IReadOnlyList<StoredEvent>> ReadLogAsync(long afterPosition, int atMost, CancellationToken cancellation = default) => Now.ReadLogAsync(afterPosition, atMost, cancellation);

        public Task<IReadOnlyList<StoredEvent>> ReadTypesAsync(IReadOnlyCollection<string> types, long afterPosition, int atMost, CancellationToken cancellation = default) =>
            Now.ReadTypesAsync(types, afterPosition, atMost, cancellation);

        public Task<LogHead> HeadAsync(CancellationToken cancellation = default) => Now.HeadAsync(cancellation);

        public IAsyncEnumerable<IReadOnlyList<StoredEvent>> FollowAsync(LogPosition after, Heartbeat? heartbeat, CancellationToken cancellation = default) => Now.FollowAsync(after, heartbeat, cancellation);
    }
}
