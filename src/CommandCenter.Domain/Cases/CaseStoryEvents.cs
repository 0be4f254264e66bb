using System.Collections.Immutable;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;

namespace CommandCenter.Domain.Cases;

/// <summary>How a case left a committee's list.</summary>
public enum AgendaLeaving
{
    /// <summary>考评销项: it was solved, and how it was led was appraised.</summary>
    Appraised,

    /// <summary>不列入</summary>
    Struck,

    /// <summary>未议: the meeting was called off, or the case came to its end before anybody was named.</summary>
    Dropped,
}

/// <summary>What a review said of a case.</summary>
public enum ReviewOutcome
{
    /// <summary>已总结教训</summary>
    Learned,

    /// <summary>不复盘</summary>
    LeftOut,

    /// <summary>复盘取消</summary>
    Cancelled,
}

/// <summary>
/// What a committee, the district or a review meeting did with a case, told in the case's own stream in the append in which it stands in theirs (ADR 0024). No decision rests on it, so it follows
/// in whatever state the case is.
/// </summary>
public abstract record CaseStoryEvent : CaseEvent
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        new("case_put_on_agenda", 1, typeof(CasePutOnAgenda), "CommandCenter.Domain.Cases.CasePutOnAgenda, CommandCenter.Domain"),
        new("case_agenda_lead_named", 1, typeof(CaseAgendaLeadNamed), "CommandCenter.Domain.Cases.CaseAgendaLeadNamed, CommandCenter.Domain"),
        new("case_left_agenda", 1, typeof(CaseLeftAgenda), "CommandCenter.Domain.Cases.CaseLeftAgenda, CommandCenter.Domain"),
        new("case_listed", 1, typeof(CaseListed), "CommandCenter.Domain.Cases.CaseListed, CommandCenter.Domain"),
        new("case_listing_recounted", 1, typeof(CaseListingRecounted), "CommandCenter.Domain.Cases.CaseListingRecounted, CommandCenter.Domain"),
        new("case_delisted", 1, typeof(CaseDelisted), "CommandCenter.Domain.Cases.CaseDelisted, CommandCenter.Domain"),
        new("case_put_under_review", 1, typeof(CasePutUnderReview), "CommandCenter.Domain.Cases.CasePutUnderReview, CommandCenter.Domain"),
        new("case_left_review", 1, typeof(CaseLeftReview), "CommandCenter.Domain.Cases.CaseLeftReview, CommandCenter.Domain"),
    ];
}

/// <summary>列入末议题: a town's committee has it as an item of a meeting.</summary>
/// <param name="Item">The item's number in the town's list.</param>
/// <param name="StartsAt">When the meeting begins.</param>
public sealed record CasePutOnAgenda(AreaCode Town, int Meeting, int Item, DateTimeOffset StartsAt, IReadOnlyList<AgendaReason> Reasons) : CaseStoryEvent;

/// <summary>专人牵头: the committee named who leads it, and by when it is to be solved.</summary>
public sealed record CaseAgendaLeadNamed(AreaCode Town, int Item, string Person, Role Role, DateTimeOffset Until) : CaseStoryEvent;

/// <summary>离开末议题</summary>
public sealed record CaseLeftAgenda(AreaCode Town, int Item, AgendaLeaving How) : CaseStoryEvent;

/// <summary>挂牌督办: the district listed it.</summary>
/// <param name="Round">1 for the first listing of the case.</param>
/// <param name="Grade">As it was listed; passing its own limit may raise it.</param>
/// <param name="DueAt">The limit of the listing.</param>
public sealed record CaseListed(int Round, ListingReason Reason, ListingGrade Grade, DateTimeOffset DueAt) : CaseStoryEvent;

/// <summary>督办时限重新计算: a change of the calendar moved the limit of the listing.</summary>
public sealed record CaseListingRecounted(int Round, DateTimeOffset DueAt) : CaseStoryEvent;

/// <summary>摘牌: the plate came down, on proof.</summary>
public sealed record CaseDelisted(int Round) : CaseStoryEvent;

/// <summary>列入复盘: a review meeting looks back on it.</summary>
/// <param name="Review">The review's id.</param>
/// <param name="StartsAt">When the meeting begins.</param>
public sealed record CasePutUnderReview(string Review, DateTimeOffset StartsAt, IReadOnlyList<ReviewReason> Reasons) : CaseStoryEvent;

/// <summary>复盘结束</summary>
public sealed record CaseLeftReview(string Review, ReviewOutcome Outcome) : CaseStoryEvent;

/// <summary>That a case is an item of a town's committee.</summary>
/// <param name="Lead">Who leads it, and <paramref name="Until"/> when; null while the meeting has not decided.</param>
public sealed record OnAgenda(AreaCode Town, int Meeting, int Item, DateTimeOffset StartsAt, string? Lead = null, DateTimeOffset? Until = null)
{
    public bool Is(AreaCode town, int item) => Town == town && Item == item;
}

/// <summary>That a review looks back on a case.</summary>
/// <param name="Outcome">Null while the review is not over.</param>
public sealed record InReview(string Review, DateTimeOffset StartsAt, ReviewOutcome? Outcome = null);

/// <summary>Where else a case stands than with its unit.</summary>
/// <param name="Agendas">In the order in which the committees took it; a case that went to another town may be on two lists.</param>
/// <param name="Reviews">Those that are over too, in order.</param>
/// <param name="Listed">Null where it is not listed for supervision.</param>
/// <param name="Lifted">The round of the last listing that was lifted; 0 where none was.</param>
public sealed record CaseStory(ImmutableList<OnAgenda> Agendas, ImmutableList<InReview> Reviews, CaseListed? Listed = null, int Lifted = 0)
{
    public static CaseStory None { get; } = new([], []);

    public CaseStory After(CaseStoryEvent happened) => happened switch
    {
        CasePutOnAgenda e => this with { Agendas = Agendas.Add(new OnAgenda(e.Town, e.Meeting, e.Item, e.StartsAt)) },
        CaseAgendaLeadNamed e => this with { Agendas = [.. Agendas.Select(on => on.Is(e.Town, e.Item) ? on with { Lead = e.Person, Until = e.Until } : on)] },
        CaseLeftAgenda e => this with { Agendas = Agendas.RemoveAll(on => on.Is(e.Town, e.Item)) },
        CaseListed e => this with { Listed = e },
        CaseListingRecounted e when Listed?.Round == e.Round => this with { Listed = Listed with { DueAt = e.DueAt } },
        CaseDelisted e when Listed?.Round == e.Round => this with { Listed = null, Lifted = e.Round },
        CasePutUnderReview e => this with { Reviews = Reviews.Add(new InReview(e.Review, e.StartsAt)) },
        CaseLeftReview { Outcome: ReviewOutcome.Cancelled } e => this with { Reviews = Reviews.RemoveAll(review => review.Review == e.Review) },
        CaseLeftReview e => this with { Reviews = [.. Reviews.Select(review => review.Review == e.Review ? review with { Outcome = e.Outcome } : review)] },
        _ => this,
    };
}
