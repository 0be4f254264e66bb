using CommandCenter.EventStore;
using Npgsql;

namespace CommandCenter.FaultNode;

/// <summary>One person who asks for one thing after the other, and again where no answer came.</summary>
/// <param name="choose">Gives the node that is asked next.</param>
public sealed class Client(ClientPlan plan, int number, Func<TownNode> choose)
{
    private const int Retries = 40;

    /// <param name="from">The first operation, from 0.</param>
    /// <param name="to">The operation to stop before.</param>
    public async Task RunAsync(int from, int to)
    {
        var done = new List<Operation>();
        for (var n = from; n < to; n++)
        {
            var node = choose();
            if (plan.IsAgain(number, n) && done.Count > 0)
            {
                await node.AskAsync(done[plan.Pick(number, n, done.Count)], CancellationToken.None);
                continue;
            }

            var operation = await plan.OperationAsync(number, n, stream => VersionAsync(node, stream), TimeProvider.System.GetUtcNow(), node.Facts);
            var told = await node.AskAsync(operation, CancellationToken.None);
            // Who gave a command id may press again until it is answered; who did not may not.
            for (var retry = 0; operation.Named && told is Told.Failed or Told.Unknown && retry < Retries; retry++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 + (10 * retry)));
                told = await choose().AskAsync(operation, CancellationToken.None);
            }

            if (operation.Named && told == Told.Acknowledged)
                done.Add(operation);
        }
    }

    private static async Task<long> VersionAsync(TownNode node, StreamKey stream)
    {
        try
        {
            return (await node.Log.ReadStreamAsync(stream)) is [.., var last] ? last.StreamVersion : 0;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
