using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using Case = CommandCenter.Domain.Cases.Case;

namespace CommandCenter.Domain.Tests;

/// <summary>
/// Whether those whose turn it is know it: each was told since the case came to where it lies and it became their turn, or brought it there themselves. Looked at after every move of a life.
/// </summary>
public sealed class WhoKnows
{
    private readonly Dictionary<string, int> _since = new(StringComparer.Ordinal);
    private (CaseStage? Stage, int Round, int Reopened) _lies;
    private int _notices;
    private int _facts;

    /// <param name="asks">Whether it matters at the moment who knows.</param>
    /// <exception cref="ShouldAssertException">Somebody does not know.</exception>
    public void After(World world, bool asks = true)
    {
        var moved = world.Facts.Skip(_facts).Where(fact => fact.Event is not DeadlineEvent && !fact.By.Actor.StartsWith("system:", StringComparison.Ordinal)).Select(fact => fact.By.Actor).ToHashSet(StringComparer.Ordinal);
        var before = _notices;
        (_notices, _facts) = (world.Notices.Count, world.Facts.Count);
        if (world.State is not Case.Known { IsOpen: true } open)
        {
            _since.Clear();
            return;
        }

        var lies = (open.Stage, open.File.Dispatches, world.Facts.Count(fact => fact.Event is CaseReopened));
        if (lies != _lies)
            _since.Clear();
        _lies = lies;
        var turn = DeadlineSaga.WhoActs(open, world.Organization).Select(recipient => recipient.Person).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _since.Keys.Except(turn).ToList())
            _since.Remove(gone);
        foreach (var person in turn)
        {
            if (_since.TryAdd(person, before) && asks)
                (moved.Contains(person) || world.Notices.Skip(before).Any(notice => notice.Person == person)).ShouldBeTrue($"{person} does not know that it is their turn: {open.Stage} after {world.Facts[^1].Event.GetType().Name}");
        }
    }
}
