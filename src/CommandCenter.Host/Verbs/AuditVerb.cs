using System.Globalization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Verbs;

/// <summary>Recounts every read table against the log once. Exit code 0 nothing is missing, 1 something is.</summary>
public static class AuditVerb
{
    public static Verb Verb { get; } = new("audit", "", "recount the read tables against the log", [], RunAsync);

    internal static string Words(MissingRange range) => string.Create(CultureInfo.InvariantCulture,
        $"{range.Projection}: {range.Expected - range.Found} of {range.Expected} are missing for the events after {range.AfterPosition} up to {range.ToPosition}, the first at {range.Example}");

    private static async Task<int> RunAsync(VerbContext context)
    {
        await using var database = await VerbDatabase.OpenAsync(context);
        await using var log = new PostgresEventLog(database.Source, context.Clock);
        var audit = new CoverageAudit(database.Source, (await CommandCenterHost.TablesAsync(log, database.Settings, context.Clock, context.Cancellation)).All, context.Clock);
        var said = context.Clock.GetTimestamp();
        var missing = await audit.SweepAsync(new Said<AuditState>(state =>
        {
            if (context.Clock.GetElapsedTime(said) < TimeSpan.FromSeconds(1))
                return;
            said = context.Clock.GetTimestamp();
            context.Messages.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{state.Projection}: recounted up to {state.Position:N0}"));
        }), context.Cancellation);
        foreach (var range in missing)
            await context.Output.WriteLineAsync(Words(range));
        if (missing.Count == 0)
            await context.Output.WriteLineAsync("Nothing is missing.");
        return missing.Count == 0 ? 0 : 1;
    }
}
