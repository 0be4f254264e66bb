using System.Globalization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Verbs;

/// <summary>Applies what was left out of parked streams, once its cause is mended. Exit code 0 all of it, 1 something stays parked.</summary>
public static class ReplayVerb
{
    public static Verb Verb { get; } = new("replay", "NAME [STREAM]", "apply what a read table left out of parked streams", [], RunAsync, MostWords: 2);

    private static async Task<int> RunAsync(VerbContext context)
    {
        Verb.RequireWords(context, 1);
        await using var database = await VerbDatabase.OpenAsync(context);
        await using var log = new PostgresEventLog(database.Source, context.Clock);
        var tables = await CommandCenterHost.TablesAsync(log, database.Settings, context.Clock, context.Cancellation);
        var projection = tables.Find(context.Words[0]) ?? throw new StartRefusedException($"There is no read table {context.Words[0]}; there are {string.Join(", ", tables.Names)}.");
        var parked = new ParkedStreams(database.Source, log, projection, context.Clock);
        IReadOnlyList<StreamKey> streams = context.Words.Count == 1
            ? [.. (await parked.ListAsync(context.Cancellation)).Select(known => known.Stream)]
            : [StreamKey.TryParse(context.Words[1], out var key) ? key : throw new StartRefusedException($"'{context.Words[1]}' is no stream.")];

        var left = 0;
        foreach (var stream in streams)
        {
            var words = await parked.ReplayAsync(stream, context.Cancellation) switch
            {
                ReplayResult.Replayed replayed => string.Create(CultureInfo.InvariantCulture, $"{stream}: {replayed.Events} events applied"),
                ReplayResult.StillParked { Parked: var still } when ++left > 0 => $"{stream}: still parked at position {still.Position}: {still.Reason}",
                _ => $"{stream}: is not parked",
            };
            await context.Output.WriteLineAsync(words);
        }

        return left == 0 ? 0 : 1;
    }
}
