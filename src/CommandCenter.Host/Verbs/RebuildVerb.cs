using System.Globalization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Verbs;

/// <summary>Fills read tables anew beside the live ones and swaps them in; hosts may go on running.</summary>
public static class RebuildVerb
{
    public static Verb Verb { get; } = new("rebuild", "NAME | --all", "fill a read table anew beside the live one, and swap it in", ["--all"], RunAsync, MostWords: 1);

    private static async Task<int> RunAsync(VerbContext context)
    {
        var all = context.Options.ContainsKey("all");
        if (!all)
            Verb.RequireWords(context, 1);
        await using var database = await VerbDatabase.OpenAsync(context);
        await using var log = new PostgresEventLog(database.Source, context.Clock);
        await using var follow = new SharedFollow(log, context.Clock);
        var tables = await CommandCenterHost.TablesAsync(follow, database.Settings, context.Clock, context.Cancellation);
        var chosen = all ? tables.All : [tables.Find(context.Words[0]) ?? throw new StartRefusedException($"There is no read table {context.Words[0]}; there are {string.Join(", ", tables.Names)}.")];
        foreach (var projection in chosen)
        {
            var said = context.Clock.GetTimestamp();
            var progress = new Said<RebuildProgress>(now =>
            {
                if (context.Clock.GetElapsedTime(said) < TimeSpan.FromSeconds(1) && now.Position < now.Head)
                    return;
                said = context.Clock.GetTimestamp();
                context.Messages.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{projection.Name}: {now.Position:N0} of {now.Head:N0} events, {now.Position / Math.Max(0.001, now.Elapsed.TotalSeconds):N0} a second, {now.Remaining?.TotalSeconds ?? 0:N0} s to go"));
            });
            try
            {
                var at = await new ProjectionRebuild(database.Source, follow, projection, context.Clock).RunAsync(progress, context.Cancellation);
                await context.Output.WriteLineAsync($"{projection.Name} was rebuilt and swapped in at {at}.");
            }
            catch (RebuildUnderWayException e)
            {
                throw new StartRefusedException(e.Message, e);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new StartRefusedException($"The user of the database may not rebuild {projection.Name}: {e.MessageText}. Run it as the owner of the tables.", e);
            }
        }

        return 0;
    }
}

/// <summary>Unlike <see cref="Progress{T}"/> it speaks on the worker's own thread, so the last line comes before the result.</summary>
internal sealed class Said<T>(Action<T> say) : IProgress<T>
{
    public void Report(T value) => say(value);
}
