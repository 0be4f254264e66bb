using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using Npgsql;

namespace CommandCenter.Host.Cases;

/// <summary>What a command does to a second case, in the same append.</summary>
internal static class OtherCase
{
    /// <param name="field">The request's member that names the other case, for messages.</param>
    /// <exception cref="Http.ProblemException">No such case, the same one, not for this caller, or it has ended.</exception>
    public static async Task<Preparation> PrepareAsync(CaseStreams streams, CaseWork work, string other, string field, CaseCommand command, NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (!StreamKey.IsId(other) || other == work.Id)
            throw CaseProblems.CaseNotThere(field);
        var part = new CaseWork(other, command.Name, (_, _) => Task.FromResult(command), work.Callers, work.At, work.HappenedAt);
        return await streams.PrepareAsync(part, cancellation) switch
        {
            Preparation.Ended { Outcome: Outcome.Unknown } => throw CaseProblems.CaseNotThere(field),
            Preparation.Ended { Outcome: Outcome.NotAllowed denied } => throw CaseProblems.OtherNotYours(field, denied.Roles),
            Preparation.Ended { Outcome: Outcome.Refused } => throw CaseProblems.OtherEnded(field, await MainAsync(streams, work, other, database, cancellation)),
            // It is so already on that side.
            Preparation.Ended { Outcome: Outcome.Unchanged } => new Preparation.Ready([], [], []),
            var preparation => preparation,
        };
    }

    /// <summary>The number of the case that a merged one goes on in, for whoever may see that; null where it is no merged one.</summary>
    private static async Task<string?> MainAsync(CaseStreams streams, CaseWork work, string merged, NpgsqlDataSource database, CancellationToken cancellation)
    {
        var main = merged;
        // One that was merged may have been the main of others before.
        while ((await streams.LoadAsync(main, cancellation)).State is Case.Merged { File.MergedInto: { } next } && next != merged)
            main = next;
        if (main == merged || (await streams.LoadAsync(main, cancellation)).State is not Case.Known { File: var file } || !work.Callers.Any(caller => CaseAccess.MaySee(caller, file)))
            return null;
        await using var command = database.CreateCommand("select number from board_cases_v1 where id = $1");
        command.Parameters.Add(new() { Value = main });
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }
}
