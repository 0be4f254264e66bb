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
/// <param name="DueAt">Its limit as it is counted now.</param>
/// <param name="NextStep">How many steps of its ladder were taken, or overtaken.</param>
public sealed record ListingFile(ListingOpened Opened, ListingGrade Grade, DateTimeOffset DueAt, int NextStep = 0, DateTimeOffset? LiftedAt = null)
{
    /// <summary>Whether the limit rests on a year that is not announced.</summary>
    public bool IsProvisional { get; init; }

    /// <summary>Whether the limit had passed before it was counted anew: what is late stays late.</summary>
    public bool WasLate { get; init; }

    /// <summary>Of the policy's stream, for which the limit was last counted anew; 0 where it never was.</summary>
    public long Revision { get; init; }

    /// <summary>How often its timers were set anew: what was set before must not act.</summary>
    public int Schedule { get; init; }

    /// <summary>The attempt of its timers.</summary>
    public int Attempt => Opened.Round + (Schedule * 100_000);

    /// <summary>Whether it is late, or was before it was counted anew.</summary>
    public bool IsLateAt(DateTimeOffset at) => WasLate || DueAt <= at;

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
        (ListingOpened e, Unlisted or Lifted) when e.Round == Rounds + 1 => new Listed(new ListingFile(e, e.Grade, e.DueAt) { IsProvisional = e.Provisional == true }),
        (ListingProgressed e, Listed k) => new Listed(k.File with { Progress = k.File.Progress.Add((e.Progress, fact.By, fact.RecordedAt)) }),
        (ListingStepTaken e, Listed k) => new Listed(k.File with { NextStep = k.File.NextStep + 1, Grade = e.Raised == true ? ListingGrade.Concentrated : k.File.Grade }),
        (ListingRecounted e, Listed k) when e.Revision > k.File.Revision => new Listed(k.File with
        {
            DueAt = e.DueAt, NextStep = e.NextStep, Revision = e.Revision, Schedule = k.File.Schedule + 1, IsProvisional = e.Provisional == true, WasLate = k.File.WasLate || e.Late == true,
        }),
        (ListingLifted e, Listed k) => new Lifted(k.File with { LiftedAt = fact.RecordedAt, Proof = e.Proof, LiftedBy = fact.By }),
        _ => throw new InvalidOperationException($"{fact.Event.GetType().Name} cannot follow where a listing is {Stage?.ToString() ?? "none"}."),
    };
}
