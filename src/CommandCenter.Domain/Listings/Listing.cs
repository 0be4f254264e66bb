using System.Collections.Immutable;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Listings;

/// <summary>Where a listing stands.</summary>
public enum ListingStage
{
    /// <summary>挂牌督办中</summary>
    Listed,

    /// <summary>已摘牌</summary>
    Lifted,
}

/// <summary>What is known of a case's last listing.</summary>
/// <param name="Grade">As it is now: passing its own limit may raise it.</param>
/// <param name="NextStep">How many steps of its ladder were taken.</param>
public sealed record ListingFile(ListingOpened Opened, DateTimeOffset OpenedAt, ListingGrade Grade, int NextStep = 0, DateTimeOffset? LiftedAt = null)
{
    public ImmutableList<(MarkedText Text, By By, DateTimeOffset At)> Progress { get; init; } = [];

    public MarkedText? Proof { get; init; }

    public By? LiftedBy { get; init; }

    /// <summary>Whose it is to supervise and to take the plate down.</summary>
    public Role SupervisorRole => Grade == ListingGrade.Concentrated ? Role.DistrictSecretary : Role.DistrictLeader;
}

/// <summary>The listing of a case for supervision, as a fold of its stream. A closed type; a case that was never listed has an empty one.</summary>
public abstract record Listing
{
    private Listing() { }

    /// <summary>It was never listed.</summary>
    public sealed record Unlisted : Listing;

    public abstract record Known(ListingFile File) : Listing;

    public sealed record Listed(ListingFile File) : Known(File);

    public sealed record Lifted(ListingFile File) : Known(File);

    public static Listing None { get; } = new Unlisted();

    /// <summary>The stage; null for what was never listed.</summary>
    public ListingStage? Stage => this switch
    {
        Listed => ListingStage.Listed,
        Lifted => ListingStage.Lifted,
        _ => null,
    };

    /// <summary>How often the case was listed.</summary>
    public int Rounds => this is Known { File: { Opened.Round: var round } } ? round : 0;

    public static Listing Fold(IEnumerable<Fact<ListingEvent>> facts) => facts.Aggregate(None, (state, fact) => state.Apply(fact));

    /// <summary>The listing after an event. Total: an event that the decider could not have emitted here throws.</summary>
    /// <exception cref="InvalidOperationException">The stream is not a listing's life.</exception>
    public Listing Apply(Fact<ListingEvent> fact) => (fact.Event, this) switch
    {
        (ListingOpened e, Unlisted or Lifted) when e.Round == Rounds + 1 => new Listed(new ListingFile(e, fact.RecordedAt, e.Grade)),
        (ListingProgressed e, Listed k) => new Listed(k.File with { Progress = k.File.Progress.Add((e.Progress, fact.By, fact.RecordedAt)) }),
        (ListingStepTaken e, Listed k) => new Listed(k.File with { NextStep = k.File.NextStep + 1, Grade = e.Raised == true ? ListingGrade.Concentrated : k.File.Grade }),
        (ListingLifted e, Listed k) => new Lifted(k.File with { LiftedAt = fact.RecordedAt, Proof = e.Proof, LiftedBy = fact.By }),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow where a listing is {Stage?.ToString() ?? "none"}."),
    };
}
