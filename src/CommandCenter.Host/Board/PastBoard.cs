using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Board;

/// <summary>Answers what the board was at any past moment: the snapshot before it, and the events from there on.</summary>
public sealed class PastBoard(BoardSources sources, BoardSnapshots snapshots) : IDisposable
{
    private const int Page = 2_000;

    // Somebody who moves the wall's slider asks for neighbouring moments; who moves it forward goes on from the last.
    private readonly SemaphoreSlim _one = new(1, 1);
    private FoldedLog? _last;

    public void Dispose() => _one.Dispose();

    /// <summary>The board of a scope as it was at an instant that is not in the future.</summary>
    public async Task<BoardView> ViewAsync(AreaCode scope, DateTimeOffset at, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var head = (await sources.Log.HeadAsync(cancellation)).Last;
            await sources.Organization.ReachedAsync(head, cancellation);
            var folded = await snapshots.RecordedByAsync(at, head.Epoch, cancellation);
            if (_last is { Last: { } last } kept && kept.Position.Epoch == head.Epoch && last.RecordedAt <= at && kept.Position.Position > folded.Position.Position)
                folded = kept;
            // Put back once it is whole: one that broke off half-way is not gone on from.
            _last = null;
            await GoOnAsync(folded, at, cancellation);
            _last = folded;
            return folded.Fold.View(scope, folded.Position.ToString(), 0, at, 0);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task GoOnAsync(FoldedLog folded, DateTimeOffset at, CancellationToken cancellation)
    {
        while (true)
        {
            var events = await sources.Log.ReadLogAsync(folded.Position.Position, Page, cancellation);
            foreach (var stored in events)
            {
                if (stored.RecordedAt > at)
                    return;
                await folded.ApplyAsync(stored, cancellation);
            }

            if (events.Count < Page)
                return;
        }
    }
}
