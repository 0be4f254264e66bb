using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>Who may change the organization. Whether what is changed lies in the caller's place is the decider's question.</summary>
public static class OrganizationAccess
{
    /// <summary>Whether a caller may give any command.</summary>
    public static bool May(Caller caller) => caller.Seat.Role == Role.Administrator;
}
