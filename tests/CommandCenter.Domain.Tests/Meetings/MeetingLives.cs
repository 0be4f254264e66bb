using CommandCenter.Domain.Meetings;
using static CommandCenter.Domain.Tests.Meetings;

namespace CommandCenter.Domain.Tests;

/// <summary>One life for every state of a meeting that decisions tell apart, and one command for every way to give it.</summary>
public static class MeetingLives
{
    public static IReadOnlyList<(string State, MeetingEvent[] Events)> States { get; } =
    [
        ("Unregistered", []),
        ("Planned 待召开", [Planned()]),
        ("Held 已召开: without a plan", [Held()]),
        ("Held 已召开: as planned", [Planned(), Held()]),
        ("Recorded 已记录", [Held(), Minutes(Photo)]),
        ("Listed 已建账: in hand", [Held(), Imported()]),
        ("Listed 已建账: one settled, the yard not told", [Held(), Imported(), Settled(2)]),
        ("Listed 已建账: one settled, the yard told", [Held(), Imported(), Settled(2), FedBack(2)]),
        ("Listed 已建账: all settled, the yard not told of one", [Held(), Imported(), Settled(2), Settled(3), FedBack(2)]),
        ("Listed 已建账: all settled, the yard told", [Held(), Imported(), Settled(2), Settled(3), FedBack(2, 3)]),
        ("Listed 已建账: one reopened after the yard was told", [Held(), Imported(), Settled(2), Settled(3), FedBack(2, 3), Reopened(3)]),
        ("Struck off 已销号", [Held(), Imported(), Settled(2), Settled(3), FedBack(2, 3), StruckOff()]),
        ("Struck off 已销号: no matter was raised", [Held(), Minutes(), StruckOff()]),
        ("Listed again: one reopened after striking off", [Held(), Imported(), Settled(2), Settled(3), FedBack(2, 3), StruckOff(), Reopened(3)]),
        ("Cancelled 已取消", [Planned(), Cancelled()]),
    ];

    public static IReadOnlyList<(string Way, MeetingCommand Command)> Commands { get; } =
    [
        ("plan", Plan()),
        ("plan: a tier that is no more", Plan(Setup() with { Tier = MeetingTier.Group })),
        ("plan: a host of another tier", Plan(Setup(tier: MeetingTier.District))),
        ("plan: for a whole town", Plan(Setup(Town.Code))),
        ("plan: an agenda not in the list", Plan(Setup() with { Agenda = ["speeches"] })),
        ("plan: a topic not in the list", Plan(Setup() with { Topics = ["weather"] })),
        ("register", Register()),
        ("register: a host of another tier", Register(Setup(host: Domain.Organization.Role.TownLeader))),
        ("register: nobody came", Register(attendance: new MeetingAttendance(0, 0))),
        ("hold", Hold()),
        ("hold: elsewhere than planned", Hold(Setup(Town.OtherYard))),
        ("hold: a host of another tier", Hold(Setup(host: Domain.Organization.Role.TownLeader))),
        ("hold: nobody came", Hold(attendance: new MeetingAttendance(0, 0))),
        ("cancel", Cancel()),
        ("record-minutes", Record(Photo)),
        ("import-list", Import()),
        ("import-list: a supplement", Import("content-2", Line(1, print: "print-4"))),
        ("import-list: another list with a line that is there", Import("content-3", Line(1, print: "print-4"), Line(2))),
        ("import-list: no lines", new ImportList(ListSource.Csv, "content-4", [])),
        ("import-list: solved on the spot without a photo", Import("content-5", Line(1, LineKind.OnSpot, "print-5", []))),
        ("give-feedback: line 2", Feedback(2)),
        ("give-feedback: line 2, in person without a photo", new GiveFeedback([2], FeedbackWay.InPerson, null, [])),
        ("give-feedback: line 2, on the board without a photo", new GiveFeedback([2], FeedbackWay.NoticeBoard, null, [])),
        ("give-feedback: line 1, solved on the spot", Feedback(1)),
        ("give-feedback: line 7 of 3", Feedback(7)),
        ("reconcile", Reconcile()),
        ("strike-off: no case has ended", StrikeOff()),
        ("strike-off: every case has ended", StrikeOff(Closed(2), Closed(3))),
        ("follow-cases: line 2 closed", Follow(Closed(2))),
        ("follow-cases: line 3 reopened", Follow(new LineStanding(3, 12))),
    ];
}
