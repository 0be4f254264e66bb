using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>Who may change the deadline policy and the working calendar: they count for the whole district, so its own administrators and its office; the engine alone says how far a recount is.</summary>
public static class PolicyAccess
{
    public static bool May(Caller caller, string command) => command == "advance-recount"
        ? caller.Seat.Role == Role.System
        : caller.Seat is { Role: Role.Administrator or Role.Office, Place.Level: AreaLevel.District };
}
