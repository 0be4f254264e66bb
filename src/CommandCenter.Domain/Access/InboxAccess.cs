using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Access;

/// <summary>Who may see who was told of a case, and whether they read it. One's own notices everybody may.</summary>
public static class InboxAccess
{
    /// <summary>Those who answer for the loop see all receipts of a case that they may see: the center, its leads and leaders, the office and the district.</summary>
    public static bool MaySeeReceipts(Caller caller, CaseFile file) => CaseAccess.MaySee(caller, file)
        && caller.Seat.Role is Role.CenterOperator or Role.Dispatcher or Role.SectorLead or Role.TownLeader or Role.DistrictSupervisor or Role.Office;
}
