using System.Globalization;
using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Deadlines;

/// <summary>Where a run of a clock stands.</summary>
public enum ClockState
{
    Running,

    /// <summary>Running, past due.</summary>
    Overdue,

    /// <summary>Stopped in time.</summary>
    Met,

    /// <summary>Stopped after its due instant.</summary>
    Late,
}

/// <summary>The next step of the ladder.</summary>
/// <param name="Level">Missing for a warning.</param>
public sealed record NextStepView(string Step, DateTimeOffset At, EscalationLevel? Level = null);

/// <summary>One run of a clock, with the reason of its deadline in both languages.</summary>
public sealed record DeadlineView(
    Clock Clock, int Round, ClockState State, DateTimeOffset StartedAt, Limit Limit, DateTimeOffset DueAt, DateTimeOffset? StoppedAt, string Policy, EscalationLevel? Level, NextStepView? Next, Message Why);

/// <summary>All runs of a case's clocks, in the order in which they started.</summary>
public sealed record CaseDeadlines(IReadOnlyList<DeadlineView> Clocks);

/// <summary><c>GET /api/cases/{id}/deadlines</c></summary>
public static class GetDeadlines
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/cases/{id}/deadlines", HandleAsync)
        .Query<CaseDeadlines>("getCaseDeadlines", "Every deadline of a case and why", versioned: true);

    private static async Task<IResult> HandleAsync(
        HttpContext context, string id, CaseStreams streams, OrganizationDirectory organization, PolicyBook policies, TimeProvider clock)
    {
        var callers = Callers.From(context.Request, organization);
        var (loaded, file) = await VisibleCase.LoadAsync(id, callers, streams, context.RequestAborted);
        var now = clock.GetUtcNow();
        var events = loaded.Facts.Select(fact => fact.Fact.Event).ToList();
        var runs = events.OfType<CaseClockStarted>().Select(started =>
        {
            var stopped = events.OfType<CaseClockStopped>().FirstOrDefault(e => e.Clock == started.Clock && e.Round == started.Round);
            var level = events.OfType<CaseEscalated>().LastOrDefault(e => e.Clock == started.Clock && e.Round == started.Round)?.Level;
            var state = stopped is null ? (now >= started.DueAt ? ClockState.Overdue : ClockState.Running) : stopped.Late ? ClockState.Late : ClockState.Met;
            return new DeadlineView(
                started.Clock, started.Round, state, started.StartedAt, started.Limit, started.DueAt, stopped?.StoppedAt, started.Policy, level, Next(started, file, policies, organization), Why(started, stopped, organization.TimeZone));
        });
        context.Response.Headers.ETag = ETags.Of(loaded.Version);
        context.Response.Headers[ETags.PositionHeader] = loaded.Facts[^1].Stored.Position.ToString();
        return TypedResults.Ok(new CaseDeadlines([.. runs]));
    }

    private static NextStepView? Next(CaseClockStarted started, CaseFile file, PolicyBook policies, OrganizationDirectory organization)
    {
        if (!file.Clocks.TryGetValue(started.Clock, out var running) || running.Round != started.Round)
            return null;
        var ahead = DeadlineSaga.StepsAhead(running, policies, policies.Calendar.At(file.Town, organization.TimeZone));
        return ahead.Count > 0 ? new NextStepView(ahead[0].Step.Name, ahead[0].DueAt, ahead[0].Step.Level) : null;
    }

    private static Message Why(CaseClockStarted started, CaseClockStopped? stopped, TimeZoneInfo zone)
    {
        var limit = DeadlineWords.Of(started.Limit);
        var (clockZh, clockEn) = started.Clock switch
        {
            Clock.Accept => ("受理", "acceptance"),
            Clock.Dispatch => ("派遣", "dispatch"),
            Clock.Handle => ("处置", "handling"),
            _ => ("办结（硬时限）", "closure (hard limit)"),
        };
        var zh = $"{clockZh}时限 {limit.Zh}，自 {Local(started.StartedAt, zone)} 起计，应于 {Local(started.DueAt, zone)} 前完成；依据时限规则 {started.Policy}。";
        var en = $"{limit.En} for {clockEn} from {Local(started.StartedAt, zone)}; due {Local(started.DueAt, zone)}; counted under policy {started.Policy}.";
        if (stopped is null)
            return new Message(zh, en);
        return new Message(
            $"{zh}已于 {Local(stopped.StoppedAt, zone)} {(stopped.Late ? "超期停止" : "按期停止")}。",
            $"{en} Stopped {(stopped.Late ? "late" : "in time")} at {Local(stopped.StoppedAt, zone)}.");
    }

    private static string Local(DateTimeOffset instant, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
