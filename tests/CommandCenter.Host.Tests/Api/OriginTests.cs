using System.Net.WebSockets;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Api;

public sealed class OriginTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1:1")]
    public async Task A_page_of_another_origin_is_refused_whatever_it_asks(string origin)
    {
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/api/board"), (HttpMethod.Post, "/api/cases"), (HttpMethod.Post, "/hubs/board/negotiate?negotiateVersion=1")])
        {
            using var request = Town.As(People.Operator).Request(method, path);
            request.Headers.Add("Origin", origin);
            (await Town.As(People.Operator).SendAsync(request)).Problem(403, "request.origin", "Origin");
        }
    }

    [Fact]
    public async Task A_page_of_this_host_is_served()
    {
        using var request = Town.As(People.Operator).Request(HttpMethod.Get, "/api/inbox");
        request.Headers.Add("Origin", Town.Address.GetLeftPart(UriPartial.Authority));
        (await Town.As(People.Operator).SendAsync(request)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_socket_from_a_page_of_another_origin_is_not_opened()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        var address = new UriBuilder(Town.Address) { Scheme = "ws", Path = "/hubs/board", Query = $"actor={People.Operator}" }.Uri;

        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(address, CancellationToken.None));
    }

    [Fact]
    public async Task The_hub_without_a_socket_answers_a_problem_like_every_other_address() =>
        (await Town.As(People.Operator).GetAsync("/hubs/board")).Problem(400, "request.malformed");

    [Fact]
    public async Task What_the_API_answers_is_kept_by_no_cache()
    {
        var which = await Town.ACaseThatWasReported();
        foreach (var path in (string[])[which.Path, $"{which.Path}/history", "/api/cases", "/api/inbox"])
            (await Town.As(People.Operator).GetAsync(path)).Header("Cache-Control").ShouldBe("no-store, private", path);
    }
}
