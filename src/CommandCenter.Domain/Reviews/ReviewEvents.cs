using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Reviews;

/// <summary>Why a closed case is looked back on.</summary>
public enum ReviewReason
{
    /// <summary>曾超期升级</summary>
    Late,

    /// <summary>曾挂牌督办</summary>
    Listed,

    /// <summary>多次退回</summary>
    SentBackOften,
}

/// <summary>A case that was collected, and why.</summary>
public sealed record ReviewEntry(string Case, IReadOnlyList<ReviewReason> Reasons);

/// <summary>What is to be done so that it does not happen again.</summary>
/// <param name="Number">1, 2, … within the review.</param>
/// <param name="Owner">Who does it, by id.</param>
/// <param name="Role">The seat for which they do it.</param>
public sealed record ReviewMeasure(int Number, MarkedText Text, string Owner, Role Role, DateTimeOffset DueAt);

/// <summary>Something that happened to a review meeting (复盘总结会), stream <c>review:{id}</c>. Who, when and where stand in the envelope.</summary>
public abstract record ReviewEvent : Attaching
{
    /// <summary>The events with their frozen names.</summary>
    public static IReadOnlyList<EventName> Names { get; } =
    [
        new("review_prepared", 1, typeof(ReviewPrepared), "CommandCenter.Domain.Reviews.ReviewPrepared, CommandCenter.Domain"),
        new("review_lesson_recorded", 1, typeof(ReviewLessonRecorded), "CommandCenter.Domain.Reviews.ReviewLessonRecorded, CommandCenter.Domain"),
        new("review_item_left_out", 1, typeof(ReviewItemLeftOut), "CommandCenter.Domain.Reviews.ReviewItemLeftOut, CommandCenter.Domain"),
        new("review_concluded", 1, typeof(ReviewConcluded), "CommandCenter.Domain.Reviews.ReviewConcluded, CommandCenter.Domain"),
        new("review_cancelled", 1, typeof(ReviewCancelled), "CommandCenter.Domain.Reviews.ReviewCancelled, CommandCenter.Domain"),
        new("review_measure_reminded", 1, typeof(ReviewMeasureReminded), "CommandCenter.Domain.Reviews.ReviewMeasureReminded, CommandCenter.Domain"),
        new("review_measure_done", 1, typeof(ReviewMeasureDone), "CommandCenter.Domain.Reviews.ReviewMeasureDone, CommandCenter.Domain"),
    ];
}

/// <summary>备会: closed cases of a span were collected by the policy's rules.</summary>
/// <param name="From">Closed from this instant on.</param>
/// <param name="To">And before this one.</param>
/// <param name="Cases">In the order in which they were closed; numbered from 1.</param>
/// <param name="Invited">Who is to come, besides those whom the plan of notices names.</param>
public sealed record ReviewPrepared(
    AreaCode Scope, DateTimeOffset From, DateTimeOffset To, DateTimeOffset StartsAt, string Policy, IReadOnlyList<ReviewEntry> Cases, IReadOnlyList<Recipient>? Invited = null) : ReviewEvent;

/// <summary>教训与措施: of one case.</summary>
/// <param name="Measures">At least one; numbered on within the review.</param>
public sealed record ReviewLessonRecorded(int Item, MarkedText Lesson, IReadOnlyList<ReviewMeasure> Measures) : ReviewEvent;

/// <summary>不复盘: nothing is to be learned from it, and why.</summary>
public sealed record ReviewItemLeftOut(int Item, MarkedText Reason) : ReviewEvent;

/// <summary>复盘结束: every case has its lesson, or a reason why it has none.</summary>
public sealed record ReviewConcluded(MarkedText? Summary = null) : ReviewEvent, IBringsAttachments;

/// <summary>复盘取消</summary>
public sealed record ReviewCancelled(MarkedText Reason) : ReviewEvent;

/// <summary>措施落实: by its owner, or by the desk that held the review.</summary>
public sealed record ReviewMeasureDone(int Measure, MarkedText Result) : ReviewEvent, IBringsAttachments;

/// <summary>催办措施: a measure is due soon, or is overdue, and whoever has it was told.</summary>
/// <param name="DueAt">By when it is to be taken.</param>
/// <param name="StepDueAt">When this was due, which after downtime is before <paramref name="FiredAt"/>.</param>
/// <param name="Told">Nobody for a warning whose day had passed when it was taken.</param>
/// <param name="Overdue">True once its day has passed; missing before.</param>
public sealed record ReviewMeasureReminded(
    int Measure, DateTimeOffset DueAt, DateTimeOffset StepDueAt, DateTimeOffset FiredAt, IReadOnlyList<Recipient> Told, bool? Overdue = null) : ReviewEvent;
