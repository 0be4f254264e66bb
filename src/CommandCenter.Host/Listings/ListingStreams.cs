global using LoadedListing = CommandCenter.Host.Composition.Loaded<CommandCenter.Domain.Listings.Listing, CommandCenter.Domain.Listings.ListingEvent>;
using System.Security.Cryptography;
using System.Text;
using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Listings;

/// <summary>Listings of cases for supervision, as the executor of commands knows them. A stream's id is its case's.</summary>
public sealed class ListingKind(IOrganization organization, IPolicies policies, NoticePlan plan) : StreamKind<Listing, ListingCommand, ListingEvent>
{
    public override string Category => "listing";

    public override Message Noun { get; } = new("挂牌督办", "listing for supervision");

    public override Listing None => Listing.None;

    public override bool IsImplicit => true;

    public override string Saga => ListingSaga.Name;

    public override Listing Apply(Listing state, Fact<ListingEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => false;

    public override bool May(Caller caller, string command, Listing state) => ListingAccess.May(caller, command, state);

    public override Decision<ListingEvent> Decide(ListingCommand command, Listing state, By by) => ListingDecider.Decide(command, state);

    public override Reaction<ListingEvent> React(string id, Listing after, IReadOnlyList<ListingEvent> decided, DateTimeOffset at) =>
        ListingSaga.React(id, after, decided, policies.At(at), organization.At(at), plan);

    public override By Engine(Listing after) => ListingSaga.Engine(((Listing.Known)after).File.Opened.Town);

    /// <summary>What a change of the calendar does to a listing.</summary>
    public Reaction<ListingEvent> Recount(Listing state, PolicyRecount recount, DateTimeOffset at) => ListingSaga.Recount(state, recount, at, policies.At(at), organization.At(at));

    /// <summary>What the limit of a listing causes.</summary>
    public Reaction<ListingEvent> OnTimer(DueTimer timer, Listing state, DateTimeOffset firedAt) =>
        ListingSaga.OnTimer(timer.Key.SagaId, state, timer.Key.Name, timer.Key.Attempt, timer.DueAt, firedAt, policies.At(firedAt), organization.At(firedAt), plan);
}

/// <summary>
/// The way to listings: by hand, by itself in the transaction in which a case's hard limit runs out, and by the timers of their own limits.
/// </summary>
public sealed class ListingStreams(StreamCommands commands, ListingKind kind, CaseKind cases, IOrganization organization, IPolicies policies, ILateCases lateCases) : ITimerHandler, ICaseClimbing, IRecounted
{
    public string Saga => ListingSaga.Name;

    public ListingKind Kind => kind;

    public Task<LoadedListing> LoadAsync(string caseId, CancellationToken cancellation) => commands.LoadAsync(kind, caseId, cancellation);

    public Task<LoadedCase> LoadCaseAsync(string caseId, CancellationToken cancellation) => commands.LoadAsync(cases, caseId, cancellation);

    public Task FireAsync(DueTimer timer, DateTimeOffset firedAt, CancellationToken cancellation) =>
        commands.FireAsync(kind, timer, firedAt, state => kind.OnTimer(timer, state, firedAt), cancellation);

    public async Task<Besides<CaseEvent>> BesideAsync(string caseId, Case state, IReadOnlyList<CaseEvent> events, DateTimeOffset firedAt, CancellationToken cancellation)
    {
        if (state is not Case.Known { File: var file } || !events.Any(happened => happened is CaseEscalated { Level: EscalationLevel.ListedSupervision }))
            return new Besides<CaseEvent>([], []);
        var engine = new Caller(ListingSaga.Engine(file.Town).Actor, new RoleAt(Role.System, file.Town));
        var work = new StreamWork<Listing, ListingCommand, ListingEvent>(
            caseId, "open", async (_, token) => await CommandAsync(caseId, file, true, ListingReason.HardLimit, null, null, firedAt, token), [engine], firedAt, firedAt);
        IReadOnlyList<CaseStoryEvent> told = [];
        work = work with
        {
            Beside = (loaded, decided, _, _) =>
            {
                told = [.. ListingStory.Of(loaded.State.Rounds, decided)];
                return Task.FromResult<IReadOnlyList<Preparation>>([]);
            },
        };
        // Listed already, by hand: then nothing is left to do here.
        return await commands.PrepareAsync(kind, work, cancellation) is Preparation.Ready ready ? new Besides<CaseEvent>(told, [ready]) : new Besides<CaseEvent>([], []);
    }

    public Task<bool> CountAsync(string caseId, PolicyRecount recount, DateTimeOffset at, CancellationToken cancellation) => commands.EngineAsync(
        kind, caseId, new CommandId("system:listings", $"recount-{recount.Revision}-{caseId}", SHA256.HashData(Encoding.UTF8.GetBytes(caseId))), at, state => kind.Recount(state, recount, at),
        $"recount:{recount.Revision}", cancellation,
        (loaded, reaction) =>
        [
            commands.Noted(
                loaded.Stream, ListingStory.Of(loaded.State.Rounds, reaction.Events).Select(told => (CaseStreams.StreamOf(caseId), (object)told)), kind.Engine(loaded.State), at, $"recount:{recount.Revision}"),
        ]);

    /// <summary>The same work with what the case's own stream tells of it.</summary>
    public StreamWork<Listing, ListingCommand, ListingEvent> Telling(StreamWork<Listing, ListingCommand, ListingEvent> work) => work with
    {
        Beside = (loaded, decided, caller, _) => Task.FromResult<IReadOnlyList<Preparation>>(
        [
            commands.Noted(
                loaded.Stream, ListingStory.Of(loaded.State.Rounds, decided).Select(told => (CaseStreams.StreamOf(work.Id), (object)told)), caller.By, work.HappenedAt, work.Cause),
        ]),
    };

    /// <summary>The command that lists a case, with the grade by the policy's rule, or a higher one that somebody chose.</summary>
    public async Task<OpenListing> CommandAsync(
        string caseId, CaseFile file, bool isOpen, ListingReason reason, ListingGrade? chosen, Domain.Cases.MarkedText? plate, DateTimeOffset at, CancellationToken cancellation)
    {
        var book = policies.At(at);
        var rules = book.Current.Supervision ?? SupervisionRules.Standard;
        var late = await LateCasesAsync(caseId, file, at.AddDays(-rules.WithinDays), rules.CountsFrom(), cancellation);
        // One that is listed by hand before it is late counts no late case of its own.
        if (reason == ListingReason.ByHand && file.LateRuns.IsEmpty && !file.Clocks.Values.Any(running => running.Level >= rules.CountsFrom()))
            late--;
        var grade = chosen ?? rules.GradeOf(late);
        var limit = rules.LimitOf(grade);
        var now = organization.At(at);
        var sector = file.Sector ?? now.KnownCategory(file.Category)?.Sector ?? Sector.Livelihood;
        var time = book.Calendar.At(file.Town, now.TimeZone);
        var due = time.After(at, limit);
        return new OpenListing(
            file.Town, file.Category, sector, isOpen, reason, grade, late, limit,
            at, due, book.Current.Version, ListingSaga.Supervisors(grade, sector, now), plate, time.IsProvisional(at, due, limit.Unit));
    }

    // Of the read side, which may be a moment behind: a case that climbs in the same moment is counted by the next listing. This one counts itself.
    private async Task<int> LateCasesAsync(string caseId, CaseFile file, DateTimeOffset since, EscalationLevel from, CancellationToken cancellation) =>
        1 + await lateCases.CountAsync(file.Town, file.Category, caseId, since, from, cancellation);
}
