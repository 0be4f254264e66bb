using System.Globalization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Verbs;

/// <summary>Says how far the read tables are and what they leave alone. Exit code 0 all well, 1 something is parked or missing.</summary>
public static class ProjectionsVerb
{
    public static Verb Verb { get; } = new("projections", "", "how far the read tables are, and what they leave alone", [], RunAsync);

    private static async Task<int> RunAsync(VerbContext context)
    {
        await using var database = await VerbDatabase.OpenAsync(context);
        await using var log = new PostgresEventLog(database.Source, context.Clock);
        var tables = await CommandCenterHost.TablesAsync(log, database.Settings, context.Clock, context.Cancellation);
        var head = (await log.HeadAsync(context.Cancellation)).Last;
        foreach (var state in await ProjectionStates.ReadAsync(database.Source, tables.Names, context.Cancellation))
        {
            await context.Output.WriteLineAsync($"{state.Name}: at {state.Position?.ToString() ?? "nothing"} of {head}, {(state.IsOwned ? "a host works on it" : "nobody works on it")}");
            if (state.Rebuild is { } rebuild)
                await context.Output.WriteLineAsync($"  rebuild: at {rebuild.Position}, {(rebuild.IsRunning ? "under way" : "left behind; start it again")}");
            foreach (var parked in await new ParkedStreams(database.Source, log, tables.Find(state.Name)!, context.Clock).ListAsync(context.Cancellation))
                await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  parked: {parked.Stream} from position {parked.Position} on since {parked.ParkedAt:yyyy-MM-dd HH:mm} UTC: {parked.Reason}"));
        }

        foreach (var range in await new CoverageAudit(database.Source, tables.All, context.Clock).MissingAsync(context.Cancellation))
            await context.Output.WriteLineAsync(AuditVerb.Words(range));
        return await ProjectionStates.TroubleAsync(database.Source, context.Cancellation) == 0 ? 0 : 1;
    }
}
