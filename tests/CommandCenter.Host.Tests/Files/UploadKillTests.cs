using System.Globalization;
using System.Security.Cryptography;
using CommandCenter.EventStore;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Files;
using CommandCenter.Host.LocalPostgres;
using CommandCenter.Host.Tests.Crash;
using CommandCenter.Host.Tests.Towns;
using static CommandCenter.Host.Tests.Files.Uploading;

namespace CommandCenter.Host.Tests.Files;

/// <summary>What was acknowledged of an upload is there after SIGKILL, of the host and of its database.</summary>
public sealed class UploadKillTests : IAsyncLifetime
{
    private readonly string _parent = Directory.CreateTempSubdirectory("killed-upload-").FullName;

    private string Folder => Path.Combine(_parent, "data");

    public Task InitializeAsync()
    {
        // Folders for temporary files are made for their owner alone; the server may be another user.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_parent, (UnixFileMode)Convert.ToInt32("711", 8));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        (await PrivatePostgres.TryRemoveAsync(Folder)).ShouldBeTrue();
        Directory.Delete(_parent, recursive: true);
    }

    [Fact]
    public async Task An_upload_goes_on_at_what_was_acknowledged_after_the_host_was_killed_in_the_middle_of_a_piece()
    {
        // A text: what comes out is byte for byte what went in.
        var content = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 300_000).Select(n => n.ToString("d8", CultureInfo.InvariantCulture) + "\n")));
        var name = "读数.csv";
        string url;
        var acknowledged = 0L;
        await using (var host = await StartAsync())
        {
            using var http = new HttpClient { BaseAddress = host.Address };
            var worker = new TownClient(http, People.GridWorker);
            url = (await worker.BeginAsync(content.Length, name, "phone-1")).Location!;
            for (; acknowledged < 500_000; acknowledged += 70_001)
                (await worker.PieceAsync(url, acknowledged, content.AsMemory((int)acknowledged, 70_001))).Status.ShouldBe(204);

            // The host dies while it reads: the rest of the piece is held back until it is dead.
            var holding = new Held(content.AsMemory((int)acknowledged));
            using var request = worker.Request(HttpMethod.Patch, url);
            request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
            request.Headers.TryAddWithoutValidation("Upload-Offset", Text(acknowledged));
            request.Content = new StreamContent(holding) { Headers = { ContentType = new("application/offset+octet-stream"), ContentLength = content.Length - acknowledged } };
            var sending = http.SendAsync(request);
            await holding.HalfIsSent;
            await host.KillAsync();
            holding.GoOn();
            await Should.ThrowAsync<HttpRequestException>(() => sending);
        }

        await using var next = await StartAsync();
        using var again = new HttpClient { BaseAddress = next.Address };
        var back = new TownClient(again, People.GridWorker);
        // The phone remembers nothing but its key.
        var found = await back.BeginAsync(content.Length, name, "phone-1");
        found.Location.ShouldBe(url);
        var offset = long.Parse(found.Header("Upload-Offset")!, CultureInfo.InvariantCulture);
        offset.ShouldBeGreaterThanOrEqualTo(acknowledged);
        (await back.PieceAsync(url, offset, content.AsMemory((int)offset))).Status.ShouldBe(204);

        var receipt = (await back.GetAsync<UploadView>(url)).File.ShouldNotBeNull();
        receipt.File.ShouldBe(SealedFiles.HashOf(SHA256.HashData(content)));
        var report = await back.ReportAsync(Town.AReport() with { Attachments = [new AttachmentRequest(receipt.File, name)] });
        (await back.GetAsync($"{report.Location}/attachments/{receipt.File}")).Body.ShouldBe(content);
        (await back.GetAsync<CaseDetail>(report.Location!)).Attachments.ShouldHaveSingleItem().Name.Value.ShouldBe(name);
    }

    private Task<HostProcess> StartAsync() =>
        HostProcess.StartListeningAsync("--urls=http://127.0.0.1:0", $"--CommandCenter:DataFolder={Folder}", "--Logging:LogLevel:Default=Warning");

    /// <summary>Gives its first half, and the second once it is told to.</summary>
    private sealed class Held(ReadOnlyMemory<byte> content) : Stream
    {
        private readonly TaskCompletionSource _half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _at;

        public Task HalfIsSent => _half.Task;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => content.Length;
        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public void GoOn() => _goOn.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var half = content.Length / 2;
            if (_at == half)
            {
                _half.TrySetResult();
                await _goOn.Task;
            }

            var count = Math.Min(buffer.Length, (_at < half ? half : content.Length) - _at);
            content.Slice(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
