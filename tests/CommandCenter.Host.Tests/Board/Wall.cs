using System.Net;
using System.Threading.Channels;
using CommandCenter.Domain.Formats;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Board;
using CommandCenter.Host.Tests.Towns;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Board;

/// <summary>A wall in a hall: holds a board and lays each frame over it.</summary>
internal sealed class Wall : IAsyncDisposable
{
    public const int FeedLength = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly HubConnection _connection;
    private readonly Channel<BoardDelta> _deltas = Channel.CreateUnbounded<BoardDelta>();

    private Wall(HubConnection connection)
    {
        _connection = connection;
        connection.On<BoardDelta>("delta", delta => _deltas.Writer.WriteAsync(delta).AsTask());
    }

    /// <summary>The board as it is shown.</summary>
    public BoardView? View { get; private set; }

    /// <summary>The frames laid over it so far.</summary>
    public List<BoardDelta> Frames { get; } = [];

    public static Task<Wall> ConnectAsync(Town town, string actor) => ConnectAsync(town.Address, actor);

    public static async Task<Wall> ConnectAsync(Uri address, string actor)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketConnections());
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(new UriBuilder(address) { Scheme = "ws", Path = "/hubs/board", Query = $"actor={actor}" }.Uri));
        builder.AddJsonProtocol(json => DomainJson.Apply(json.PayloadSerializerOptions));
        builder.Services.Configure<Microsoft.AspNetCore.SignalR.JsonHubProtocolOptions>(json => json.PayloadSerializerOptions.RespectRequiredConstructorParameters = false);
        var wall = new Wall(builder.Build());
        await wall._connection.StartAsync();
        return wall;
    }

    public async Task<BoardView> WatchAsync(string scope)
    {
        View = await _connection.InvokeAsync<BoardView>("Watch", scope);
        return View;
    }

    /// <summary>Lays the next frame over the board; it has to follow directly on what is shown.</summary>
    public async Task<BoardDelta> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var before = View!;
        BoardDelta delta;
        do
        {
            delta = await _deltas.Reader.ReadAsync(patience.Token);
        }
        // A frame that was on its way while the wall began to watch.
        while (delta.Scope != before.Scope || delta.Frame <= before.Frame);

        delta.Frame.ShouldBe(before.Frame + 1);
        delta.From.ShouldBe(before.Position);
        Frames.Add(delta);
        View = before with
        {
            Position = delta.To,
            Frame = delta.Frame,
            At = delta.At,
            Today = delta.Today ?? before.Today,
            Open = delta.Open ?? before.Open,
            Overdue = delta.Overdue ?? before.Overdue,
            DueSoon = delta.DueSoon ?? before.DueSoon,
            Emergencies = delta.Emergencies ?? before.Emergencies,
            Alarms = delta.Alarms ?? before.Alarms,
            Week = delta.Week ?? before.Week,
            Month = delta.Month ?? before.Month,
            Places = Laid(before.Places, delta.Places, place => place.Area, place => place.IsNothing()),
            Grids = Laid(before.Grids, delta.Grids, grid => grid.Area, grid => grid.IsNothing()),
            Tasks = delta.Tasks ?? before.Tasks,
            Whistles = delta.Whistles ?? before.Whistles,
            Agenda = delta.Agenda ?? before.Agenda,
            Listings = delta.Listings ?? before.Listings,
            Sectors = [.. before.Sectors.Select(panel => delta.Sectors?.FirstOrDefault(changed => changed.Sector == panel.Sector) ?? panel)],
            Feed = [.. (delta.Feed ?? []).Concat(before.Feed).Take(FeedLength)],
            Parked = delta.Parked ?? before.Parked,
        };
        return delta;
    }

    private static IReadOnlyList<TRow> Laid<TRow>(IReadOnlyList<TRow> before, IReadOnlyList<TRow>? changed, Func<TRow, AreaCode> areaOf, Func<TRow, bool> isNothing)
    {
        var rows = before.ToDictionary(areaOf);
        foreach (var row in changed ?? [])
            rows[areaOf(row)] = row;
        return [.. rows.Values.Where(row => !isNothing(row)).OrderBy(row => areaOf(row).Value, StringComparer.Ordinal)];
    }

    /// <summary>Lays frame after frame over the board until it shows what is asked for.</summary>
    public async Task UntilAsync(Func<BoardView, bool> shown)
    {
        while (!shown(View!))
            await NextAsync();
    }

    /// <summary>Returns once the host behind it is gone.</summary>
    public async Task GoneAsync()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connection.Closed += _ =>
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        };
        if (_connection.State != HubConnectionState.Disconnected)
            await gone.Task.WaitAsync(Patience);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
