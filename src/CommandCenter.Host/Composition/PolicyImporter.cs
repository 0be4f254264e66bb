using CommandCenter.Domain;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>What an import of a policy or of the calendar would do, or did. A closed type.</summary>
public abstract record PolicyOutcome
{
    private PolicyOutcome() { }

    /// <summary>It is so already.</summary>
    public sealed record Same : PolicyOutcome;

    public sealed record Refused(Refusal Refusal) : PolicyOutcome;

    /// <param name="Changes">Of the policy; none for a calendar.</param>
    /// <param name="Receipt">Null for a preview.</param>
    public sealed record Taken(IReadOnlyList<PolicyEvent> Events, IReadOnlyList<PolicyChange> Changes, AppendReceipt? Receipt) : PolicyOutcome;
}

/// <summary>Takes a policy or a calendar that was read from a file into the log, all of it or nothing.</summary>
public sealed class PolicyImporter(PolicyStream stream, TimeProvider clock)
{
    private const int Attempts = 5;

    /// <param name="command">Made of the instant at which it is decided.</param>
    /// <param name="preview">Nothing is appended.</param>
    /// <exception cref="StartRefusedException">Nothing was begun yet, or others kept changing the policy.</exception>
    public async Task<PolicyOutcome> ImportAsync(Func<DateTimeOffset, PolicyCommand> command, AreaCode district, bool preview, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var loaded = await stream.LoadAsync(cancellation);
            if (!loaded.History.IsBegun)
                throw new StartRefusedException("There is no deadline policy in this database yet: the first start of the command center takes it from CommandCenter__Policies.");
            var now = clock.GetUtcNow();
            switch (PolicyDecider.Decide(command(now), loaded.History))
            {
                case Decision<PolicyEvent>.Refuse refused:
                    return new PolicyOutcome.Refused(refused.Refusal);
                case Decision<PolicyEvent>.Emit emit:
                    var changes = emit.Events.OfType<DeadlinePolicyAdopted>().SelectMany(adopted => PolicyDifference.Of(loaded.History.At(now).Current, adopted.Policy)).ToList();
                    if (preview)
                        return new PolicyOutcome.Taken(emit.Events, changes, null);
                    if (await stream.AppendAsync(loaded, emit.Events, district, now, cancellation) is AppendResult.Appended appended)
                        return new PolicyOutcome.Taken(emit.Events, changes, appended.Receipt);
                    break;
                default:
                    return new PolicyOutcome.Same();
            }
        }

        throw new StartRefusedException("Others change the deadline policy at this moment. Nothing was imported; try again.");
    }
}
