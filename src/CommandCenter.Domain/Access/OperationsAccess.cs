using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>Who keeps the system itself going: it is the whole district's, so its own administrators, and no town's.</summary>
public static class OperationsAccess
{
    /// <summary>Whether a caller may look at projections and the outbox, rebuild and replay.</summary>
    public static bool May(Caller caller) => caller.Seat is { Role: Role.Administrator, Place.Level: AreaLevel.District };
}
