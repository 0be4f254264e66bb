using CommandCenter.Domain;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Hotline;
using CommandCenter.EventStore;
using CommandCenter.Host.Http;
using Npgsql;

namespace CommandCenter.Host.Composition;

/// <summary>The way to the orders of the hotline: each begins one case.</summary>
public sealed class HotlineStreams(StreamCommands commands, IEventLog log, EventCatalogue catalogue, CaseKind cases, NpgsqlDataSource database)
{
    private const string Category = "hotline";

    /// <summary>A report that takes the number of its order in the same append, where it came with one.</summary>
    public CaseWork Registered(CaseWork work) => work with
    {
        Beside = async (_, decided, caller, token) => decided.OfType<CaseReported>().Select(HotlineOrder.NumberOf).FirstOrDefault() is { } number
            ? [await RegisterAsync(work, number, caller.By, token)]
            : [],
    };

    /// <exception cref="ProblemException">The order has its case already.</exception>
    private async Task<Preparation> RegisterAsync(CaseWork work, string number, By by, CancellationToken cancellation)
    {
        var stream = StreamKey.Of(Category, HotlineOrder.IdOf(number));
        var events = await log.ReadStreamAsync(stream, 0, cancellation);
        var order = events.Aggregate(HotlineOrder.None, (state, stored) => state.Apply((HotlineEvent)catalogue.Decode(stored)));
        if (order.LastCase is { } first && HotlineOrder.Holds((await commands.LoadAsync(cases, first, cancellation)).State))
            throw Registered(number, await NumberAsync(first, cancellation));
        var registered = catalogue.Encode(new HotlineOrderRegistered(work.Id, number), StreamCommands.Origin(by, work.HappenedAt), CaseStreams.StreamOf(work.Id).ToString(), work.Cause);
        return new Preparation.Ready([new StreamAppend(stream, Category, ExpectedVersion.After(events.Count == 0 ? 0 : events[^1].StreamVersion), [registered])], [], []);
    }

    // The case of a moment ago may not be in the table yet.
    private async Task<string?> NumberAsync(string id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select number from board_cases_v1 where id = $1");
        command.Parameters.Add(new() { Value = id });
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }

    private static ProblemException Registered(string number, string? first) => new(
        409,
        "hotline.registered",
        new($"工单 {number} 已登记{(first is null ? "为另一案件" : $"，案件编号 {first}")}；请在该案件中办理，编号有误的请更正后再登记。",
            $"Order {number} has been registered already{(first is null ? "" : $", as case {first}")}; go on in that case, or correct the number and register again."),
        "reference");
}
