using System.Security.Cryptography;
using CommandCenter.Testing.Postgres;
using static CommandCenter.EventStore.Tests.Files.FilesFixture;

namespace CommandCenter.EventStore.Tests.Files;

/// <summary>What was acknowledged of an upload is there, whatever happens to line, process and sender.</summary>
public sealed class UploadsTests : IAsyncLifetime
{
    private const string Id = "00112233445566778899aabbccddeeff";
    private const int Block = 64 * 1024;
    private FilesFixture? _given;

    private FilesFixture Given => _given!;

    private DateTimeOffset Now => Given.Engine.Clock.GetUtcNow();

    public async Task InitializeAsync() => _given = await StartAsync();

    public async Task DisposeAsync() => await Given.DisposeAsync();

    [PostgresFact]
    public async Task Pieces_of_any_length_make_the_whole_and_each_goes_on_where_the_last_ended()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var content = Content(seed, (11 * Block) + random.Next(2 * Block));
        await Given.Uploads.CreateAsync(Id, "p-17", content.Length, "filename 5ZCI5ZCM", Now.AddDays(7));
        for (var at = 0L; at < content.Length;)
        {
            // Each by another process, that knows nothing but the database and the folder.
            var node = Given.AnotherNode();
            (await node.FindAsync(Id))!.Received.ShouldBe(at, $"seed {seed}");
            var length = (int)Math.Min(random.Next(4) switch { 0 => 1, 1 => random.Next(1, 100), 2 => Block, _ => random.Next(1, 10 * Block) }, content.Length - at);
            var kept = (await WriteAsync(node, at, content.AsMemory((int)at, length))).ShouldBeOfType<PieceResult.Kept>($"seed {seed}");
            at += length;
            kept.Upload.Received.ShouldBe(at, $"seed {seed}");
        }

        var finished = await FinishAsync();
        finished.File.ShouldBe(HashOf(content), $"seed {seed}");
        finished.Metadata.ShouldBe("filename 5ZCI5ZCM");
        (await Given.ReadAsync(finished.File!)).ShouldBe(content);
        (await Given.Shelf.WasBroughtByAsync("p-17", finished.File!)).ShouldBeTrue();
        Parts().ShouldBeEmpty();

        // Asked again it is the same, and nothing is taken any more.
        (await FinishAsync(_ => throw new InvalidOperationException("It was looked at before."))).File.ShouldBe(finished.File);
        (await WriteAsync(Given.Uploads, content.Length, new byte[1])).ShouldBeOfType<PieceResult.WrongOffset>();
    }

    [PostgresFact]
    public async Task What_came_before_the_line_broke_is_kept()
    {
        var content = Content(1, (9 * Block) + 100);
        await BeginAsync(content.Length);

        var kept = (await Given.Uploads.WriteAsync(Id, 0, new Broken(content.AsMemory(0, (8 * Block) + 77)), content.Length, null, _ => null, Now.AddDays(7), default)).ShouldBeOfType<PieceResult.Kept>();
        kept.Upload.Received.ShouldBe((8 * Block) + 77);
        (await Given.AnotherNode().FindAsync(Id))!.Received.ShouldBe((8 * Block) + 77);

        (await WriteAsync(Given.Uploads, kept.Upload.Received, content.AsMemory((int)kept.Upload.Received))).ShouldBeOfType<PieceResult.Kept>();
        (await FinishAsync()).File.ShouldBe(HashOf(content));
    }

    [PostgresFact]
    public async Task The_last_piece_sent_again_gets_the_same_answer_and_another_piece_does_not()
    {
        var content = Content(1, 3 * Block);
        await BeginAsync(content.Length);
        await WriteAsync(Given.Uploads, 0, content.AsMemory(0, Block + 5));
        await WriteAsync(Given.Uploads, Block + 5, content.AsMemory(Block + 5));

        var again = (await WriteAsync(Given.AnotherNode(), Block + 5, content.AsMemory(Block + 5))).ShouldBeOfType<PieceResult.Kept>();
        (again.Again, again.Upload.Received).ShouldBe((true, content.Length));
        await FinishAsync();
        (await WriteAsync(Given.Uploads, Block + 5, content.AsMemory(Block + 5))).ShouldBeOfType<PieceResult.Kept>().Upload.File.ShouldBe(HashOf(content));

        var other = content.AsMemory(Block + 5).ToArray();
        other[^1] ^= 1;
        (await WriteAsync(Given.Uploads, Block + 5, other)).ShouldBeOfType<PieceResult.WrongOffset>().Upload.Received.ShouldBe(content.Length);
        (await WriteAsync(Given.Uploads, Block + 5, other.AsMemory(1))).ShouldBeOfType<PieceResult.WrongOffset>();
        (await WriteAsync(Given.Uploads, 0, content.AsMemory(0, Block + 5))).ShouldBeOfType<PieceResult.WrongOffset>();
    }

    [PostgresFact]
    public async Task A_piece_elsewhere_than_where_the_upload_stands_changes_nothing()
    {
        var content = Content(1, 1000);
        await BeginAsync(content.Length);
        await WriteAsync(Given.Uploads, 0, content.AsMemory(0, 400));
        foreach (var offset in (long[])[0, 1, 399, 401, 1000, 5000])
            (await WriteAsync(Given.Uploads, offset, content.AsMemory(0, 10))).ShouldBeOfType<PieceResult.WrongOffset>($"{offset}").Upload.Received.ShouldBe(400);
        (await WriteAsync(Given.Uploads, 400, new byte[601])).ShouldBeOfType<PieceResult.TooLong>();
        // Without its length said beforehand.
        (await Given.Uploads.WriteAsync(Id, 400, new MemoryStream(new byte[601]), null, null, _ => null, Now.AddDays(7), default)).ShouldBeOfType<PieceResult.TooLong>();
        (await Given.Uploads.FindAsync(Id))!.Received.ShouldBe(400);
        (await Given.Uploads.WriteAsync("ffeeddccbbaa99887766554433221100", 0, new MemoryStream(), 0, null, _ => null, Now, default)).ShouldBeOfType<PieceResult.Gone>();
        (await FinishAsync()).IsOver.ShouldBeFalse("it is not whole");
    }

    [PostgresFact]
    public async Task Who_goes_on_last_is_the_one_who_does_and_a_sender_thought_dead_writes_nothing_more()
    {
        var content = Content(1, 4 * Block);
        await BeginAsync(content.Length);
        var slow = new Halting(Content(2, Block * 2));
        var old = Given.Uploads.WriteAsync(Id, 0, slow, null, null, _ => null, Now.AddDays(7), default);
        await slow.Halted;

        (await WriteAsync(Given.AnotherNode(), 0, content.AsMemory(0, (2 * Block) + 9))).ShouldBeOfType<PieceResult.Kept>();
        slow.GoOn();
        (await old).ShouldBeOfType<PieceResult.WrongOffset>().Upload.Received.ShouldBe((2 * Block) + 9);

        await WriteAsync(Given.Uploads, (2 * Block) + 9, content.AsMemory((2 * Block) + 9));
        (await FinishAsync()).File.ShouldBe(HashOf(content));
    }

    [PostgresFact]
    public async Task A_piece_with_another_hash_than_said_is_not_kept_at_all_and_one_with_its_own_is()
    {
        var content = Content(1, 20 * Block);
        await BeginAsync(content.Length);
        await WriteAsync(Given.Uploads, 0, content.AsMemory(0, 100));
        var piece = content.AsMemory(100).ToArray();
        var digest = new PieceDigest("sha256", SHA256.HashData(piece));
        piece[^1] ^= 1;

        (await Given.Uploads.WriteAsync(Id, 100, new MemoryStream(piece), piece.Length, digest, _ => null, Now.AddDays(7), default)).ShouldBeOfType<PieceResult.WrongDigest>();
        (await Given.Uploads.WriteAsync(Id, 100, new Broken(piece.AsMemory(0, 9 * Block)), piece.Length, digest, _ => null, Now.AddDays(7), default)).ShouldBeOfType<PieceResult.WrongDigest>();
        (await Given.Uploads.FindAsync(Id))!.Received.ShouldBe(100);

        piece[^1] ^= 1;
        (await Given.Uploads.WriteAsync(Id, 100, new MemoryStream(piece), piece.Length, digest, _ => null, Now.AddDays(7), default)).ShouldBeOfType<PieceResult.Kept>();
        (await FinishAsync()).File.ShouldBe(HashOf(content));
    }

    [PostgresFact]
    public async Task Nothing_of_what_came_lies_in_the_clear()
    {
        var content = Content(1, (3 * Block) + 2000);
        await Given.Uploads.CreateAsync(Id, "p-17", content.Length + 1, "filename 6Lqr5Lu96K+B", Now.AddDays(7));
        await WriteAsync(Given.Uploads, 0, content);

        var part = await File.ReadAllBytesAsync(Parts().ShouldHaveSingleItem());
        part.Length.ShouldBe(3 * (Block + 28));
        for (var at = 0; at + 64 <= content.Length; at += 1024)
            part.AsSpan().IndexOf(content.AsSpan(at, 64)).ShouldBe(-1, $"byte {at}");
        var row = await Given.Engine.ScalarAsync<string>("select u::text from cc_uploads u");
        row.ShouldNotContain(Convert.ToHexStringLower(content.AsSpan((3 * Block) + 100, 16)));
        row.ShouldNotContain("6Lqr5Lu96K");
        row.ShouldNotContain(Convert.ToHexStringLower("6Lqr5Lu96K"u8));
    }

    [PostgresFact]
    public async Task A_part_that_was_changed_on_disk_becomes_no_file()
    {
        await BeginAsync(3 * Block);
        await WriteAsync(Given.Uploads, 0, Content(1, 3 * Block));
        var path = Parts().ShouldHaveSingleItem();
        var part = await File.ReadAllBytesAsync(path);
        part[Block + 100] ^= 1;
        await File.WriteAllBytesAsync(path, part);

        await Should.ThrowAsync<SealBrokenException>(() => FinishAsync());
        (await Given.Uploads.FindAsync(Id))!.IsOver.ShouldBeFalse();
        (await Given.Engine.ScalarAsync<long>("select count(*) from cc_files")).ShouldBe(0);
    }

    [PostgresFact]
    public async Task What_is_not_wanted_is_over_at_its_first_piece_or_at_its_end_and_stays_so()
    {
        await BeginAsync(100_000);
        (await Given.Uploads.WriteAsync(Id, 0, new MemoryStream(Content(1, 50_000)), 50_000, null, start => start.Length == 50_000 ? "unknown" : null, Now.AddDays(7), default))
            .ShouldBeOfType<PieceResult.Refused>().Upload.Refusal.ShouldBe("unknown");
        (await WriteAsync(Given.Uploads, 0, Content(1, 50_000))).ShouldBeOfType<PieceResult.WrongOffset>().Upload.Refusal.ShouldBe("unknown");

        await Given.Uploads.CreateAsync(Id[1..] + "0", "p-17", 10, "", Now.AddDays(7));
        await Given.Uploads.WriteAsync(Id[1..] + "0", 0, new MemoryStream(new byte[10]), 10, null, _ => null, Now.AddDays(7), default);
        (await Given.Uploads.FinishAsync(Id[1..] + "0", _ => new Intake.Refused("damaged"), Now))!.Refusal.ShouldBe("damaged");
        (await Given.Uploads.FinishAsync(Id[1..] + "0", _ => throw new InvalidOperationException(), Now))!.Refusal.ShouldBe("damaged");
    }

    [PostgresFact]
    public async Task An_upload_that_has_expired_goes_with_its_parts_and_each_piece_puts_it_off()
    {
        await BeginAsync(3 * Block);
        await Given.Uploads.WriteAsync(Id, 0, new MemoryStream(Content(1, 2 * Block)), 2 * Block, null, _ => null, Now.AddDays(9), default);
        (await Given.Uploads.ExpireAsync(Now.AddDays(9).AddMicroseconds(-1))).ShouldBe(0);
        Parts().Count.ShouldBe(1);
        (await Given.Uploads.ExpireAsync(Now.AddDays(9))).ShouldBe(1);
        (await Given.Uploads.FindAsync(Id)).ShouldBeNull();
        Parts().ShouldBeEmpty();
        (await Given.Uploads.DeleteAsync(Id)).ShouldBeFalse();
    }

    [PostgresFact]
    public async Task Two_who_end_the_same_upload_at_once_get_the_same_file()
    {
        var content = Content(1, 2 * Block);
        await BeginAsync(content.Length);
        await WriteAsync(Given.Uploads, 0, content);
        var looked = 0;
        var ends = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => FinishAsync(stream =>
        {
            Interlocked.Increment(ref looked);
            return Taken(stream);
        }))));
        ends.Select(end => end.File).Distinct().ShouldBe([HashOf(content)]);
        looked.ShouldBe(1);
    }

    private Task BeginAsync(long length) => Given.Uploads.CreateAsync(Id, "p-17", length, "", Now.AddDays(7));

    private Task<PieceResult> WriteAsync(Uploads node, long offset, ReadOnlyMemory<byte> piece) =>
        node.WriteAsync(Id, offset, new MemoryStream(piece.ToArray()), piece.Length, null, _ => null, Now.AddDays(7), default);

    private async Task<Upload> FinishAsync(Func<Stream, Intake>? take = null) => (await Given.Uploads.FinishAsync(Id, take ?? Taken, Now))!;

    private static Intake Taken(Stream content)
    {
        content.Position = 0;
        return new Intake.Taken(SealedFiles.HashOf(SHA256.HashData(content)), "application/pdf", content);
    }

    private List<string> Parts() => Directory.Exists(Given.PartsFolder) ? [.. Directory.GetFiles(Given.PartsFolder, "*", SearchOption.AllDirectories)] : [];

    /// <summary>A sender whose line breaks after so many bytes.</summary>
    private sealed class Broken(ReadOnlyMemory<byte> content) : Sender
    {
        private int _at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(buffer.Length, content.Length - _at);
            if (count == 0)
                throw new IOException("The line is broken.");
            content.Slice(_at, count).CopyTo(buffer);
            _at += count;
            return ValueTask.FromResult(count);
        }
    }

    /// <summary>A sender that halts at its end until it is told to go on.</summary>
    private sealed class Halting(byte[] content) : Sender
    {
        private readonly TaskCompletionSource _halted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _given;

        public Task Halted => _halted.Task;

        public void GoOn() => _goOn.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_given)
            {
                _given = true;
                content.CopyTo(buffer);
                return content.Length;
            }

            _halted.TrySetResult();
            await _goOn.Task;
            return 0;
        }
    }

    private abstract class Sender : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
