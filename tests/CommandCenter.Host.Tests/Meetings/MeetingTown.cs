using System.Globalization;
using System.Net.Http.Headers;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Files;
using CommandCenter.Host.Meetings;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Meetings;

/// <summary>A yard meeting that a test speaks of, and the people who have to do with it.</summary>
internal static class MeetingTown
{
    public const string Yard = "500153003001001001";
    public const string YardHead = "yard-head-01";
    public const string OtherYardHead = "yard-head-05";
    public const string Secretary = "village-secretary-01";

    public static RegisterMeetingRequest AMeeting(string area = Yard, Role host = Role.VillageSecretary) => new(
        MeetingTier.Village, Town.Area(area), host, new AttendanceRequest(31, 18, 60), Agenda: ["opinions", "solving_on_spot"], Topics: ["village_appearance"], Venue: "白果树下");

    public static async Task<string> AMeetingThatWasHeld(this Town town, string area = Yard, string by = Secretary) =>
        (await town.As(by).PostAsync("/api/meetings/held", AMeeting(area))).Receipt.Id;

    /// <summary>Three lines: one solved on the spot, one for the village, one for the town.</summary>
    public static async Task<string> AMeetingWithAList(this Town town)
    {
        var id = await town.AMeetingThatWasHeld();
        await town.Meeting(id, "record-minutes", new RecordMinutesRequest("群众提出三个问题。", [await town.APhoto(Secretary)]));
        await town.Meeting(id, "import-list", AList());
        return id;
    }

    public static ImportListRequest AList(params ListLineRequest[] lines) => new(lines.Length > 0 ? lines :
    [
        new ListLineRequest(LineKind.OnSpot, "两户为排水沟争执", "dispute-mediation", Outcome: "当场调解，双方握手言和"),
        new ListLineRequest(LineKind.Village, "电线网线像蜘蛛网，存在用电隐患", "fire-hazard", RaisedBy: new RaisedByRequest("群众甲", "13912345678")),
        new ListLineRequest(LineKind.Town, "与邻村交界支路无人清扫，请打13800138000联系", "rubbish", Town.Area(Places.Grid)),
    ]);

    /// <summary>A command on a meeting that has to succeed.</summary>
    public static async Task<Answer> Meeting(this Town town, string id, string command, object body, string by = Secretary)
    {
        var answer = await town.As(by).PostAsync($"/api/meetings/{id}/{command}", body);
        answer.Status.ShouldBe(200, $"{command} by {by}: {answer.Text}");
        return answer;
    }

    public static Task<MeetingDetail> ReadMeeting(this Town town, string id, string by = Secretary) => town.As(by).GetAsync<MeetingDetail>($"/api/meetings/{id}");

    public static Task<MeetingFeedbackView> ReadFeedback(this Town town, string id, string by = Secretary) => town.As(by).GetAsync<MeetingFeedbackView>($"/api/meetings/{id}/feedback");

    public static async Task<string> APhoto(this Town town, string by)
    {
        var client = town.As(by);
        using var request = client.Request(HttpMethod.Post, "/api/photos");
        request.Content = new ByteArrayContent(Images.Png(by.Length)) { Headers = { ContentType = MediaTypeHeaderValue.Parse("image/png") } };
        return (await client.SendAsync(request)).Ok<PhotoReceipt>().Photo;
    }

    /// <summary>A case of the meeting, as tests of cases speak of it.</summary>
    public static async Task<TestCase> CaseOfLine(this Town town, string meeting, int line)
    {
        var id = (await town.ReadMeeting(meeting)).Lines.Single(known => known.Number == line).CaseId;
        var version = await town.AskAsync<long>($"select max(version) from mt_events where stream_id = 'case:{id}'");
        return new TestCase(id, version, default);
    }

    /// <summary>The village settles a matter of its own.</summary>
    public static async Task SettledByTheVillage(this Town town, string meeting, int line) =>
        await town.After(await town.CaseOfLine(meeting, line), "settle", new SettleCaseRequest("线路已规整入管", [await town.APhoto(Secretary)]), Secretary);

    /// <summary>The whole way of a matter through the town's center.</summary>
    public static async Task ClosedByTheTown(this Town town, string meeting, int line)
    {
        var which = await town.CaseOfLine(meeting, line);
        which = await town.After(which, "file", new FileCaseRequest("rubbish", Urgency.Normal), People.Operator);
        which = await town.After(which, "dispatch", new DispatchCaseRequest(Unit.OfPost("ecology")), People.Dispatcher);
        which = await town.After(which, "claim", new ClaimCaseRequest(), "post-handler-07");
        which = await town.After(which, "complete", new CompleteCaseRequest("已纳入清扫范围", [await town.APhoto("post-handler-07")]), "post-handler-07");
        which = await town.After(which, "verify", new VerifyCaseRequest(true, "路面干净"), People.GridWorker);
        which = await town.After(which, "rate", new RateCaseRequest(5, FixResult.Fixed, "电话回访：已告知结果"), People.Operator);
        await town.After(which, "close", new CloseCaseRequest("办结"), People.Dispatcher);
    }

    /// <summary>Returns once the meetings know of everything that is in the log now.</summary>
    public static async Task MeetingsFollowedAsync(this Town town)
    {
        await town.CaughtUpAsync();
        await town.Services.GetRequiredService<MeetingFollower>().FollowAsync(default);
        await town.CaughtUpAsync();
    }

    public static Task<long> Events(this Town town, string stream, string type) =>
        town.AskAsync<long>(string.Create(CultureInfo.InvariantCulture, $"select count(*) from mt_events where stream_id = '{stream}' and type = '{type}'"));
}
