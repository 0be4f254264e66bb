using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Inbox;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Whistles;

namespace CommandCenter.Host.Tests.Whistles;

/// <summary>Whistles in a state, each named for it, and the people who answer them, in a town of tests.</summary>
internal static class WhistleTown
{
    /// <summary>Of the ecology bureau.</summary>
    public const string Ecology = "department-01";

    /// <summary>Of the housing and construction committee.</summary>
    public const string Housing = "department-02";

    public static Unit EcologyBureau { get; } = Unit.OfDepartment("ecology-bureau");
    public static Unit HousingCommittee { get; } = Unit.OfDepartment("housing-construction-committee");

    /// <summary>Nobody sits there.</summary>
    public static Unit WaterBureau { get; } = Unit.OfDepartment("water-bureau");

    public static Unit BuildingPost { get; } = Unit.OfPost("village-construction");

    /// <summary>Inside the grid of the tests' grid worker.</summary>
    public static PointRequest OnTheSpot { get; } = new(Places.Latitude, Places.Longitude, 10);

    public static async Task<string> AWhistleThatWasBlown(this Town town, params Unit[] units) => await town.AWhistleThatWasBlown(People.GridWorker, units);

    public static async Task<string> AWhistleThatWasBlown(this Town town, string by, params Unit[] units) =>
        (await town.As(by).PostAsync("/api/whistles", new BlowWhistleRequest("桥头路面塌陷，疑似水管漏水", units.Length == 0 ? [EcologyBureau, BuildingPost] : units, Area: Town.Area(Places.Grid)))).Receipt.Id;

    /// <summary>A whistle with one call, which the ecology bureau has.</summary>
    public static async Task<string> AWhistleThatWasRouted(this Town town, string by = People.GridWorker)
    {
        var id = await town.AWhistleThatWasBlown(by, EcologyBureau);
        await town.Whistle(id, "calls/1/route", new RouteCallRequest(), People.Operator);
        return id;
    }

    /// <summary>A whistle whose one call waits for its rating.</summary>
    public static async Task<string> AWhistleThatWasResolved(this Town town)
    {
        var id = await town.AWhistleThatWasRouted();
        await town.Whistle(id, "calls/1/arrive", new ArriveRequest(OnTheSpot), Ecology);
        await town.Whistle(id, "calls/1/resolve", new ResolveCallRequest("已更换管段"), Ecology);
        return id;
    }

    /// <summary>A command that has to succeed.</summary>
    public static async Task<CommandReceipt> Whistle(this Town town, string id, string command, object body, string by)
    {
        var answer = await town.TryTo(id, command, body, by);
        answer.Status.ShouldBe(200, $"{command} by {by}: {answer.Text}");
        return answer.Receipt;
    }

    public static Task<Answer> TryTo(this Town town, string id, string command, object body, string by, string? key = null, string? ifMatch = null) =>
        town.As(by).PostAsync($"/api/whistles/{id}/{command}", body, key, ifMatch);

    public static Task<WhistleDetail> ReadWhistle(this Town town, string id, string by = People.GridWorker) => town.As(by).GetAsync<WhistleDetail>($"/api/whistles/{id}");

    /// <summary>What a person was told of a whistle, oldest first.</summary>
    public static async Task<IReadOnlyList<NoticeKind>> ToldOf(this Town town, string id, string person)
    {
        await town.CaughtUpAsync();
        return [.. (await town.As(person).GetAsync<InboxPage>("/api/inbox")).Items.Where(notice => notice.Subject == $"whistle:{id}").Select(notice => notice.Kind).Reverse()];
    }

    public static RateCallRequest Fixed { get; } = new(5, FixResult.Fixed, "来得快");
}
