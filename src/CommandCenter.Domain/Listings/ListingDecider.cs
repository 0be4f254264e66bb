namespace CommandCenter.Domain.Listings;

/// <summary>What may happen to a case's listing: every state × every command, decided on purpose.</summary>
public static class ListingDecider
{
    public static Decision<ListingEvent> Decide(ListingCommand command, Listing state) => (command, state) switch
    {
        // By itself it is listed once, whatever else runs out while it is.
        (OpenListing { Reason: ListingReason.HardLimit }, Listing.Listed) => Nothing,
        (OpenListing, Listing.Listed) => Refuse("listing.listed_already", state),
        (OpenListing { IsOpen: false }, _) => Refuse("listing.case_ended", state),
        (OpenListing c, _) => Emit(new ListingOpened(
            state.Rounds + 1, c.Town, c.Category, c.Sector, c.Reason, c.Grade, c.LateCases, c.Limit, c.ListedAt, c.DueAt, c.Policy, c.Supervisors, c.Plate,
            c.Provisional ? true : null)),

        (_, Listing.Unlisted) => Refuse("listing.unknown", state),
        (_, Listing.Lifted) => Refuse("listing.lifted", state),

        (ReportListing c, Listing.Listed) => Emit(new ListingProgressed(c.Progress)),
        (LiftListing { IsDone: false }, Listing.Listed) => Refuse("listing.not_done", state),
        (LiftListing { Attachments: null or { Count: 0 } }, Listing.Listed) => Refuse("listing.proof_missing", state),
        (LiftListing c, Listing.Listed) => Emit(new ListingLifted(c.Proof)),

        _ => throw new InvalidOperationException($"{command.GetType().Name} is not decided in {state.GetType().Name}."),
    };

    /// <summary>The commands that a state accepts from somebody, in the order of the loop, in kebab-case.</summary>
    public static IReadOnlyList<string> Possible(Listing state) => state is Listing.Listed ? ["report", "lift"] : ["open"];

    private static Decision<ListingEvent>.Emit Emit(ListingEvent happened) => new([happened]);

    private static Decision<ListingEvent>.Refuse Refuse(string code, Listing state) => new(ListingRefusals.Of(code, state));

    private static Decision<ListingEvent> Nothing { get; } = new Decision<ListingEvent>.Nothing();
}
