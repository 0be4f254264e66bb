using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Board;

/// <summary>What one frame of a board has over the one before.</summary>
public static class BoardDeltas
{
    /// <summary>Null when nothing but position and clock differs: what happened elsewhere is no news for this scope.</summary>
    public static BoardDelta? Between(BoardView before, BoardView after)
    {
        var newest = before.Feed.Count > 0 ? before.Feed[0].Position : 0;
        var delta = new BoardDelta(
            after.Scope, before.Position, after.Position, after.Frame, after.At,
            before.Today == after.Today ? null : after.Today,
            before.Open == after.Open ? null : after.Open,
            before.Overdue == after.Overdue ? null : after.Overdue,
            before.DueSoon == after.DueSoon ? null : after.DueSoon,
            before.Emergencies == after.Emergencies ? null : after.Emergencies,
            Same(before.Alarms, after.Alarms) ? null : after.Alarms,
            before.Week == after.Week ? null : after.Week,
            before.Month == after.Month ? null : after.Month,
            Some(after.Sectors.Where((panel, i) => !Same(panel, before.Sectors[i]))),
            Some(Changed(before.Places, after.Places, place => place.Area, PlaceFigures.Nothing)),
            Some(Changed(before.Grids, after.Grids, grid => grid.Area, area => new GridFigures(area, 0, 0, 0))),
            Same(before.Tasks, after.Tasks) ? null : after.Tasks,
            before.Whistles == after.Whistles ? null : after.Whistles,
            Same(before.Agenda, after.Agenda) ? null : after.Agenda,
            Same(before.Listings, after.Listings) ? null : after.Listings,
            Some(after.Feed.TakeWhile(item => item.Position > newest)),
            before.Parked == after.Parked ? null : after.Parked);
        return delta == new BoardDelta(delta.Scope, delta.From, delta.To, delta.Frame, delta.At) ? null : delta;
    }

    private static IEnumerable<TRow> Changed<TRow>(IReadOnlyList<TRow> before, IReadOnlyList<TRow> after, Func<TRow, AreaCode> areaOf, Func<AreaCode, TRow> nothing)
        where TRow : class
    {
        var known = before.ToDictionary(areaOf);
        foreach (var row in after)
            if (!known.Remove(areaOf(row), out var old) || !row.Equals(old))
                yield return row;
        foreach (var gone in known.Keys)
            yield return nothing(gone);
    }

    private static List<T>? Some<T>(IEnumerable<T> rows) => rows.ToList() is { Count: > 0 } list ? list : null;

    private static bool Same(SectorPanel a, SectorPanel b) => a == b with { Urgent = a.Urgent } && a.Urgent.SequenceEqual(b.Urgent);

    private static bool Same(AlarmFigures a, AlarmFigures b) => a == b with { Lines = a.Lines } && a.Lines.SequenceEqual(b.Lines);

    private static bool Same(TaskFigures a, TaskFigures b) => a == b with { Most = a.Most } && a.Most.SequenceEqual(b.Most);

    private static bool Same(AgendaFigures a, AgendaFigures b) => a == b with { Most = a.Most } && a.Most.SequenceEqual(b.Most);

    private static bool Same(ListingFigures a, ListingFigures b) => a == b with { Most = a.Most } && a.Most.SequenceEqual(b.Most);
}
