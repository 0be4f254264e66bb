using CommandCenter.Domain.Cases;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Cases;

/// <summary>What a command does to a second case, in the same append.</summary>
internal static class OtherCase
{
    /// <param name="field">The request's member that names the other case, for messages.</param>
    /// <exception cref="Http.ProblemException">No such case, the same one, not for this caller, or it has ended.</exception>
    public static async Task<Preparation> PrepareAsync(CaseStreams streams, CaseWork work, string other, string field, CaseCommand command, CancellationToken cancellation)
    {
        if (!StreamKey.IsId(other) || other == work.Id)
            throw CaseProblems.CaseNotThere(field);
        var part = new CaseWork(other, command.Name, (_, _) => Task.FromResult(command), work.Callers, work.At, work.HappenedAt);
        return await streams.PrepareAsync(part, cancellation) switch
        {
            Preparation.Ended { Outcome: Outcome.Unknown or Outcome.NotAllowed } => throw CaseProblems.CaseNotThere(field),
            Preparation.Ended { Outcome: Outcome.Refused } => throw CaseProblems.OtherEnded(field),
            // It is so already on that side.
            Preparation.Ended { Outcome: Outcome.Unchanged } => new Preparation.Ready([], [], []),
            var preparation => preparation,
        };
    }
}
