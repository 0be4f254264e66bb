using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace CommandCenter.Host.Tests.Board;

/// <summary>SignalR's connection over a plain WebSocket, without negotiation: all that the client core lacks.</summary>
internal sealed class WebSocketConnections : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
        return new Connection(socket);
    }

    private sealed class Connection : ConnectionContext, ITransferFormatFeature, IConnectionInherentKeepAliveFeature
    {
        private readonly ClientWebSocket _socket;
        private readonly CancellationTokenSource _over = new();
        private readonly Pipe _received = new();
        private readonly Pipe _sent = new();
        private readonly Task _running;

        public Connection(ClientWebSocket socket)
        {
            _socket = socket;
            Transport = new Duplex(_received.Reader, _sent.Writer);
            Features.Set<ITransferFormatFeature>(this);
            Features.Set<IConnectionInherentKeepAliveFeature>(this);
            _running = Task.WhenAll(ReceiveAsync(), SendAsync());
        }

        public override string ConnectionId { get; set; } = "wall";

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public override IDuplexPipe Transport { get; set; }

        public TransferFormat SupportedFormats => TransferFormat.Text;

        public TransferFormat ActiveFormat { get; set; } = TransferFormat.Text;

        public bool HasInherentKeepAlive => false;

        public override async ValueTask DisposeAsync()
        {
            await Transport.Output.CompleteAsync();
            await Transport.Input.CompleteAsync();
            await _over.CancelAsync();
            await _running;
            _socket.Dispose();
            _over.Dispose();
            await base.DisposeAsync();
        }

        private async Task ReceiveAsync()
        {
            try
            {
                while (true)
                {
                    var result = await _socket.ReceiveAsync(_received.Writer.GetMemory(4096), _over.Token);
                    if (result.MessageType == WebSocketMessageType.Close)
                        break;
                    _received.Writer.Advance(result.Count);
                    if ((await _received.Writer.FlushAsync(_over.Token)).IsCompleted)
                        break;
                }

                await _received.Writer.CompleteAsync();
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException)
            {
                await _received.Writer.CompleteAsync(e is WebSocketException ? e : null);
            }
        }

        private async Task SendAsync()
        {
            try
            {
                while (true)
                {
                    var result = await _sent.Reader.ReadAsync(_over.Token);
                    if (!result.Buffer.IsEmpty)
                        await _socket.SendAsync(result.Buffer.ToArray(), WebSocketMessageType.Text, endOfMessage: true, _over.Token);
                    _sent.Reader.AdvanceTo(result.Buffer.End);
                    if (result.IsCompleted)
                        break;
                }

                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _over.Token);
                await _sent.Reader.CompleteAsync();
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException)
            {
                await _sent.Reader.CompleteAsync(e);
            }
        }

        private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
    }
}
