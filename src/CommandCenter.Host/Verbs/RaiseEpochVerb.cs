namespace CommandCenter.Host.Verbs;

/// <summary>After a restore or a failover that lost commits (ops/runbooks/restore.md).</summary>
public static class RaiseEpochVerb
{
    public static Verb Verb { get; } = new("raise-epoch", "", "go on after a restore: everything that follows the log starts again", [], RunAsync);

    private static async Task<int> RunAsync(VerbContext context)
    {
        await context.Output.WriteLineAsync($"The epoch is {await CommandCenterHost.RaiseEpochAsync(context.Settings, context.Clock, context.Cancellation)} now.");
        return 0;
    }
}
