using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests;

/// <summary>Something that people did, and when; the saga's own events follow from it.</summary>
public sealed record Happening(CaseEvent Event, DateTimeOffset At);

public static class Happenings
{
    public static Happening At(this CaseEvent happened, DateTimeOffset at) => new(happened, at);
}

/// <summary>Given what people did, when time passes or more is done, then the saga recorded, told and set this.</summary>
public sealed class Deadlines
{
    private int _events;
    private int _notices;

    private Deadlines(World world) => World = world;

    public World World { get; }

    public IReadOnlyList<CaseEvent> NewEvents => [.. World.Events.Skip(_events)];

    public IReadOnlyList<Notice> NewNotices => [.. World.Notices.Skip(_notices)];

    public static Deadlines Given(params Happening[] happenings) => In(Town.Organization, happenings);

    public static Deadlines In(OrganizationDirectory organization, params Happening[] happenings) => Under(Sample.Policies, organization, happenings);

    public static Deadlines Under(PolicyBook policies, OrganizationDirectory organization, params Happening[] happenings)
    {
        var world = new World(policies, organization);
        foreach (var (happened, at) in happenings)
            world.Happen(happened, at);
        return new Deadlines(world);
    }

    public Deadlines When(CaseEvent happened, DateTimeOffset at) => Then(() => World.Happen(happened, at), at);

    /// <summary>Time passes; timers fire at their own due times.</summary>
    public Deadlines WhenTime(DateTimeOffset now) => Then(() => World.Until(now));

    /// <summary>The engine comes back after downtime; timers fire now.</summary>
    public Deadlines WhenWokenAt(DateTimeOffset now) => Then(() => World.WakeAt(now));

    /// <summary>A worker fires a timer that is not, or no longer, set.</summary>
    public Deadlines WhenFired(string timer, int attempt, DateTimeOffset at) => Then(() => World.Fire(timer, attempt, at, at));

    public Deadlines Then(params CaseEvent[] events)
    {
        NewEvents.Select(Json.Named).ShouldBe(events.Select(Json.Named));
        return this;
    }

    /// <summary>Only some of the new events, in this order.</summary>
    public Deadlines ThenOnly<T>(params T[] events)
        where T : CaseEvent
    {
        NewEvents.OfType<T>().Select(Json.Named).ShouldBe(events.Select(Json.Named));
        return this;
    }

    public Deadlines ThenNothing() => Then().AndNobodyIsTold();

    public Deadlines AndTimer(string name, DateTimeOffset dueAt, int attempt = 1)
    {
        World.Timers.Keys.ShouldContain((name, attempt), $"Set are: {string.Join(", ", World.Timers)}.");
        World.Timers[(name, attempt)].ShouldBe(dueAt, $"{name}/{attempt}");
        return this;
    }

    public Deadlines AndNoTimer(string? clock = null)
    {
        World.Timers.Keys.Where(key => clock is null || key.Name.StartsWith($"{clock}/", StringComparison.Ordinal)).ShouldBeEmpty();
        return this;
    }

    public Deadlines AndTold(NoticeKind kind, params string[] people)
    {
        NewNotices.Where(notice => notice.Sent.Kind == kind).Select(notice => notice.Person).ShouldBe(people, ignoreOrder: true);
        return this;
    }

    public Deadlines AndNobodyIsTold()
    {
        NewNotices.ShouldBeEmpty();
        return this;
    }

    private Deadlines Then(Action act, DateTimeOffset? firstUntil = null)
    {
        // What came due before is part of the past, not of what is asked about.
        if (firstUntil is { } before)
            World.Until(before);
        _events = World.Events.Count;
        _notices = World.Notices.Count;
        act();
        return this;
    }
}
