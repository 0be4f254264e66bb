namespace CommandCenter.Domain.Cases;

/// <summary>What sources are called in a message.</summary>
public static class SourceNames
{
    public static Message Of(CaseSource source) => source switch
    {
        CaseSource.GridWorker => new("网格员上报", "grid worker"),
        CaseSource.Resident => new("群众反映", "resident"),
        CaseSource.Center => new("中心登记", "taken down by the center"),
        CaseSource.Hotline => new("12345 热线", "hotline 12345"),
        CaseSource.Meeting => new("会议清单", "list of a meeting"),
        CaseSource.Patrol => new("巡查发现", "found on patrol"),
        CaseSource.PartyMember => new("党员反映", "party member"),
        CaseSource.Device => new("设备告警", "alarm of a device"),
        CaseSource.QrCode => new("扫码上报", "scanned code"),
        CaseSource.Deputy => new("人大代表建议", "proposal of a deputy"),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "A source without a name."),
    };
}
