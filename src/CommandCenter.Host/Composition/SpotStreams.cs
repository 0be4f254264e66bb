using CommandCenter.Domain;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Spots;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>A case that is in hand for a spot.</summary>
public sealed record CaseInHand(string Id, Case.Known State);

/// <summary>The way to spots: which case is in hand for one, and what its report leads to by itself.</summary>
public sealed class SpotStreams(StreamCommands commands, IEventLog log, EventCatalogue catalogue, CaseKind cases, AdmissionStreams admissions, IOrganization organization, IPolicies policies)
{
    // Merged into one that was merged or split: nobody follows further than this.
    private const int MostOnward = 10;

    public static StreamKey StreamOf(string code) => StreamKey.Of("spot", code);

    /// <summary>The case that somebody still has to come for; null where whoever scans the spot now begins one.</summary>
    public async Task<CaseInHand?> InHandAsync(string code, CancellationToken cancellation) =>
        await InHandAsync((await TrailAsync(code, cancellation)).Trail, cancellation) is { } found ? new CaseInHand(found.Stream.Id, (Case.Known)found.State) : null;

    /// <summary>A report with what follows from it by the organization's rule in the same append, where it is of a spot.</summary>
    public CaseWork Routed(CaseWork work) => work with
    {
        Ruled = async (after, token) => after is Case.Known { File.Report.Spot: { } code } reported && organization.At(work.At).FindSpot(code) is { } spot ? await RuleAsync(work, reported, spot, token) : null,
    };

    private async Task<Ruled<CaseEvent>> RuleAsync(CaseWork work, Case.Known reported, Spot spot, CancellationToken cancellation)
    {
        var (engine, rule) = (SpotRouting.Engine(reported.File.Town), new SpotRule(spot.Code, commands.Basis.Organization));
        var (trail, version) = await TrailAsync(spot.Code, cancellation);
        if (await InHandAsync(trail, cancellation) is { } main && SpotRouting.Join(work.Id, reported, main.Stream.Id, main.State, rule) is { } join)
            return new Ruled<CaseEvent>(engine, join.Own, [commands.ByRule(cases, main, join.Main, engine, work.At, work.Cause)]);

        var now = organization.At(work.At);
        var area = SpotRouting.RouteOf(spot, now) is { } route ? UnitRulings.AreaOf(route.Unit, reported.File.Town) : null;
        var basis = await admissions.BasisAsync(area is { } judged ? [judged] : [], cancellation);
        var begun = catalogue.Encode(new SpotCaseBegun(work.Id), StreamCommands.Origin(engine, work.At), CaseStreams.StreamOf(work.Id).ToString(), work.Cause);
        return new Ruled<CaseEvent>(
            engine,
            SpotRouting.Send(reported, spot, now, basis.Book, policies.At(work.At), work.At, rule),
            [
                new Preparation.Ready([new StreamAppend(StreamOf(spot.Code), "spot", ExpectedVersion.After(version), [begun])], [], []),
                // A list that changes in between is read again: nobody chose by it.
                AdmissionStreams.Held(basis),
            ]);
    }

    private async Task<(SpotTrail Trail, long Version)> TrailAsync(string code, CancellationToken cancellation)
    {
        var events = await log.ReadStreamAsync(StreamOf(code), 0, cancellation);
        return (events.Aggregate(SpotTrail.None, (trail, stored) => trail.Apply((SpotEvent)catalogue.Decode(stored))), events.Count == 0 ? 0 : events[^1].StreamVersion);
    }

    private async Task<LoadedCase?> InHandAsync(SpotTrail trail, CancellationToken cancellation)
    {
        Queue<string> onward = new(trail.LastCase is { } last ? [last] : []);
        for (var i = 0; i < MostOnward && onward.TryDequeue(out var id); i++)
        {
            var loaded = await commands.LoadAsync(cases, id, cancellation);
            if (SpotRouting.IsInHand(loaded.State))
                return loaded;
            foreach (var next in SpotRouting.Onward(loaded.State))
                onward.Enqueue(next);
        }

        return null;
    }
}
