using static CommandCenter.EventStore.Tests.Seals.SealsFixture;

namespace CommandCenter.EventStore.Tests.Seals;

public sealed class SealedFilesTests : IDisposable
{
    private readonly SealsFixture _given = new();
    private readonly FolderKeyStore _keys;
    private readonly SealedFiles _files;

    public SealedFilesTests()
    {
        _keys = _given.Open();
        _files = new SealedFiles(_given.FilesFolder, _keys);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _given.Dispose();
    }

    [Theory]
    [InlineData("FFD8FFE000104A46494600", "image/jpeg")]
    [InlineData("FFD8FF", "image/jpeg")]
    [InlineData("89504E470D0A1A0A0000000D", "image/png")]
    [InlineData("524946461A000000574542505650384C", "image/webp")]
    public async Task A_photo_is_stored_sealed_and_opens_with_the_type_of_its_content(string hex, string mediaType)
    {
        var photo = Convert.FromHexString(hex);
        var stored = (await StoreAsync(photo)).ShouldBeOfType<StoreFileResult.Stored>();
        stored.MediaType.ShouldBe(mediaType);
        stored.Length.ShouldBe(photo.Length);
        stored.Hash.ShouldBe("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(photo)));

        var opened = (await _files.OpenAsync(stored.Hash)).ShouldBeOfType<OpenFileResult.Opened>();
        opened.Content.ToArray().ShouldBe(photo);
        opened.MediaType.ShouldBe(mediaType);
        (await File.ReadAllBytesAsync(_given.StoredFile(stored.Hash))).AsSpan().IndexOf(photo).ShouldBe(-1);
        if (!OperatingSystem.IsWindows()) ((int)File.GetUnixFileMode(_given.StoredFile(stored.Hash))).ShouldBe(0b110_000_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FFD8")]
    [InlineData("474946383961010001008000")]
    [InlineData("255044462D312E370A")]
    [InlineData("524946461A00000057415645")]
    [InlineData("3C7376672078")]
    public async Task What_is_no_photo_is_refused_and_not_kept(string hex)
    {
        (await StoreAsync(Convert.FromHexString(hex))).ShouldBeOfType<StoreFileResult.NotAnImage>();
        Directory.Exists(_given.FilesFolder).ShouldBeFalse();
    }

    [Fact]
    public async Task Ten_megabytes_are_taken_and_one_byte_more_is_not()
    {
        var photo = Jpeg(SealedFiles.LongestFile);
        var stored = (await StoreAsync(photo)).ShouldBeOfType<StoreFileResult.Stored>();
        (await _files.OpenAsync(stored.Hash)).ShouldBeOfType<OpenFileResult.Opened>().Content.Span.SequenceEqual(photo).ShouldBeTrue();
        (await StoreAsync(Jpeg(SealedFiles.LongestFile + 1))).ShouldBeOfType<StoreFileResult.TooLarge>();
    }

    [Fact]
    public async Task Two_hundred_megabytes_are_not_read_past_the_limit()
    {
        await using var endless = new EndlessPhoto(200L * 1024 * 1024, isPhoto: true);
        (await _files.StoreAsync(endless)).ShouldBeOfType<StoreFileResult.TooLarge>();
        endless.Given.ShouldBeInRange(SealedFiles.LongestFile, SealedFiles.LongestFile + 1);
    }

    [Fact]
    public async Task What_is_no_photo_is_not_read_past_its_beginning()
    {
        await using var endless = new EndlessPhoto(200L * 1024 * 1024, isPhoto: false);
        (await _files.StoreAsync(endless)).ShouldBeOfType<StoreFileResult.NotAnImage>();
        endless.Given.ShouldBe(12);
    }

    [Fact]
    public async Task The_same_content_twice_is_one_file_with_one_key()
    {
        var first = (StoreFileResult.Stored)await StoreAsync(Jpeg(5000));
        var before = await File.ReadAllBytesAsync(_given.StoredFile(first.Hash));
        (await StoreAsync(Jpeg(5000))).ShouldBe(first);
        (await File.ReadAllBytesAsync(_given.StoredFile(first.Hash))).ShouldBe(before);
        Directory.GetFiles(_given.FilesFolder, "*", SearchOption.AllDirectories).Length.ShouldBe(1);
        _given.KeyFiles().Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_content_stored_at_once_by_many_is_one_file_that_opens()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => StoreAsync(Jpeg(70_000)))));
        var stored = (StoreFileResult.Stored)results.Distinct().ShouldHaveSingleItem();
        (await _files.OpenAsync(stored.Hash)).ShouldBeOfType<OpenFileResult.Opened>();
        Directory.GetFiles(_given.FilesFolder, "*", SearchOption.AllDirectories).ShouldBe([_given.StoredFile(stored.Hash)]);
        _given.KeyFiles().Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_erased_photo_says_erased_and_the_same_content_is_not_taken_in_again()
    {
        var stored = (StoreFileResult.Stored)await StoreAsync(Jpeg(5000));
        await _keys.EraseSubjectAsync(SealedFiles.SubjectOf(stored.Hash), "p-7", "asked", At);
        (await _files.OpenAsync(stored.Hash)).ShouldBeOfType<OpenFileResult.Erased>();
        using (var restarted = _given.Open()) (await new SealedFiles(_given.FilesFolder, restarted).OpenAsync(stored.Hash)).ShouldBeOfType<OpenFileResult.Erased>();

        (await StoreAsync(Jpeg(5000))).ShouldBeOfType<StoreFileResult.Erased>();
        (await _files.OpenAsync(stored.Hash)).ShouldBeOfType<OpenFileResult.Erased>();
        (await StoreAsync(Jpeg(5001))).ShouldBeOfType<StoreFileResult.Stored>();
    }

    [Fact]
    public async Task An_erased_photo_stays_erased_when_its_file_is_gone()
    {
        var stored = (StoreFileResult.Stored)await StoreAsync(Jpeg(5000));
        await _keys.EraseSubjectAsync(SealedFiles.SubjectOf(stored.Hash), "p-7", "asked", At);
        File.Delete(_given.StoredFile(stored.Hash));

        (await StoreAsync(Jpeg(5000))).ShouldBeOfType<StoreFileResult.Erased>();
        _given.KeyFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task One_byte_changed_anywhere_is_damaged_and_storing_again_mends_it()
    {
        var stored = (StoreFileResult.Stored)await StoreAsync(Jpeg(40));
        var path = _given.StoredFile(stored.Hash);
        var good = await File.ReadAllBytesAsync(path);
        for (var i = 0; i < good.Length; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= 0x02;
            await File.WriteAllBytesAsync(path, bad);
            (await _files.OpenAsync(stored.Hash)).ShouldBeOfType<OpenFileResult.Damaged>($"byte {i}");
        }

        foreach (var length in new[] { 0, 4, 20, 21, 40, good.Length - 1 })
        {
            await File.WriteAllBytesAsync(path, good[..length]);
            (await _files.OpenAsync(stored.Hash)).ShouldBeOfType<OpenFileResult.Damaged>($"length {length}");
        }

        await StoreAsync(Jpeg(40));
        (await _files.OpenAsync(stored.Hash)).ShouldBeOfType<OpenFileResult.Opened>();
    }

    [Fact]
    public async Task A_photo_put_under_another_ones_name_is_damaged()
    {
        var one = (StoreFileResult.Stored)await StoreAsync(Jpeg(40));
        var two = (StoreFileResult.Stored)await StoreAsync(Jpeg(41));
        File.Copy(_given.StoredFile(one.Hash), _given.StoredFile(two.Hash), overwrite: true);
        (await _files.OpenAsync(two.Hash)).ShouldBeOfType<OpenFileResult.Damaged>();
    }

    [Theory]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:../../keys/master.key")]
    [InlineData("sha256:")]
    [InlineData("")]
    [InlineData("../../../../../../../../../../../../../../../../../../../../../../etc/passwd")]
    public async Task A_hash_that_names_no_file_is_unknown(string hash) =>
        (await _files.OpenAsync(hash)).ShouldBeOfType<OpenFileResult.Unknown>();

    [Fact]
    public async Task A_stream_that_gives_a_byte_at_a_time_is_read_whole()
    {
        await using var slow = new EndlessPhoto(70_001, isPhoto: true, atMost: 1);
        (await _files.StoreAsync(slow)).ShouldBeOfType<StoreFileResult.Stored>().Length.ShouldBe(70_001);
    }

    private async Task<StoreFileResult> StoreAsync(byte[] content)
    {
        using var stream = new MemoryStream(content);
        return await _files.StoreAsync(stream);
    }

    private static byte[] Jpeg(int length)
    {
        var photo = new byte[length];
        for (var i = 0; i < length; i++) photo[i] = (byte)(i * 31);
        photo[0] = 0xFF;
        photo[1] = 0xD8;
        photo[2] = 0xFF;
        return photo;
    }

    /// <summary>A long upload that counts what was taken from it.</summary>
    private sealed class EndlessPhoto(long length, bool isPhoto, int atMost = int.MaxValue) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(Math.Min(buffer.Length, atMost), length - Given);
            for (var i = 0; i < count; i++) buffer[i] = isPhoto ? (Given + i) switch { 0 or 2 => (byte)0xFF, 1 => (byte)0xD8, _ => (byte)7 } : (byte)'x';
            Given += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
