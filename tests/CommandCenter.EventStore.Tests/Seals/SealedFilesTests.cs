using System.Security.Cryptography;
using static CommandCenter.EventStore.Tests.Seals.SealsFixture;

namespace CommandCenter.EventStore.Tests.Seals;

public sealed class SealedFilesTests : IDisposable
{
    private const int Block = 64 * 1024;

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
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData((3 * Block) + 17)]
    public async Task A_file_is_stored_sealed_and_opens_with_its_type(int length)
    {
        var content = Content(length);
        var hash = await StoredAsync(content);
        hash.ShouldBe("sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)));

        var opened = await OpenedAsync(hash);
        opened.MediaType.ShouldBe("image/png");
        opened.Content.Length.ShouldBe(length);
        (await ReadAsync(opened)).ShouldBe(content);
        if (length >= 40) (await File.ReadAllBytesAsync(_given.StoredFile(hash))).AsSpan().IndexOf(content.AsSpan(0, 40)).ShouldBe(-1);
        if (!OperatingSystem.IsWindows()) ((int)File.GetUnixFileMode(_given.StoredFile(hash))).ShouldBe(0b110_000_000);
        (await _files.ExistsAsync(hash)).ShouldBeTrue();
    }

    [Fact]
    public async Task Any_part_of_a_file_is_read_without_the_rest()
    {
        var content = Content((5 * Block) + 321);
        var opened = await OpenedAsync(await StoredAsync(content));
        await using var stream = opened.Content;
        const int seed = 20261130;
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var from = random.Next(content.Length);
            var part = new byte[random.Next(1, Math.Min(3 * Block, content.Length - from) + 1)];
            stream.Position = from;
            await stream.ReadExactlyAsync(part);
            part.AsSpan().SequenceEqual(content.AsSpan(from, part.Length)).ShouldBeTrue($"seed {seed}, {part.Length} bytes from {from}");
        }
    }

    [Fact]
    public async Task Content_that_does_not_have_the_hash_is_not_kept()
    {
        using var other = new MemoryStream(Content(70_001));
        var hash = SealedFiles.HashOf(SHA256.HashData(Content(70_000)));
        await Should.ThrowAsync<InvalidDataException>(() => _files.StoreAsync(hash, "image/png", other));
        Directory.GetFiles(_given.FilesFolder, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_content_twice_is_one_file_with_one_key()
    {
        var first = await StoredAsync(Content(5000));
        var before = await File.ReadAllBytesAsync(_given.StoredFile(first));
        (await StoredAsync(Content(5000))).ShouldBe(first);
        (await File.ReadAllBytesAsync(_given.StoredFile(first))).ShouldBe(before);
        Directory.GetFiles(_given.FilesFolder, "*", SearchOption.AllDirectories).Length.ShouldBe(1);
        _given.KeyFiles().Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_content_stored_at_once_by_many_is_one_file_that_opens()
    {
        var hash = (await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => StoredAsync(Content(70_000)))))).Distinct().ShouldHaveSingleItem();
        (await ReadAsync(await OpenedAsync(hash))).ShouldBe(Content(70_000));
        Directory.GetFiles(_given.FilesFolder, "*", SearchOption.AllDirectories).ShouldBe([_given.StoredFile(hash)]);
        _given.KeyFiles().Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_erased_file_says_erased_and_the_same_content_is_not_taken_in_again()
    {
        var hash = await StoredAsync(Content(5000));
        await _keys.EraseSubjectAsync(SealedFiles.SubjectOf(hash), "p-7", "asked", At);
        (await _files.OpenAsync(hash)).ShouldBeOfType<OpenFileResult.Erased>();
        (await _files.ExistsAsync(hash)).ShouldBeFalse();
        using (var restarted = _given.Open()) (await new SealedFiles(_given.FilesFolder, restarted).OpenAsync(hash)).ShouldBeOfType<OpenFileResult.Erased>();

        (await StoreAsync(Content(5000))).ShouldBeOfType<StoreFileResult.Erased>();
        (await _files.OpenAsync(hash)).ShouldBeOfType<OpenFileResult.Erased>();
        (await StoreAsync(Content(5001))).ShouldBeOfType<StoreFileResult.Stored>();
    }

    [Fact]
    public async Task An_erased_file_stays_erased_when_it_is_gone()
    {
        var hash = await StoredAsync(Content(5000));
        await _keys.EraseSubjectAsync(SealedFiles.SubjectOf(hash), "p-7", "asked", At);
        _files.Delete(hash);

        (await StoreAsync(Content(5000))).ShouldBeOfType<StoreFileResult.Erased>();
        _given.KeyFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task One_byte_changed_anywhere_is_damaged_and_storing_again_mends_it()
    {
        var hash = await StoredAsync(Content(40));
        var path = _given.StoredFile(hash);
        var good = await File.ReadAllBytesAsync(path);
        for (var i = 0; i < good.Length; i++)
        {
            var bad = (byte[])good.Clone();
            bad[i] ^= 0x02;
            await File.WriteAllBytesAsync(path, bad);
            (await _files.OpenAsync(hash)).ShouldBeOfType<OpenFileResult.Damaged>($"byte {i}");
        }

        foreach (var length in new[] { 0, 4, 28, 29, 38, 50, good.Length - 1 })
        {
            await File.WriteAllBytesAsync(path, good[..length]);
            (await _files.OpenAsync(hash)).ShouldBeOfType<OpenFileResult.Damaged>($"length {length}");
        }

        await StoredAsync(Content(40));
        (await ReadAsync(await OpenedAsync(hash))).ShouldBe(Content(40));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Later_blocks_that_were_changed_or_have_changed_places_do_not_open_and_storing_again_mends_them(bool swapped)
    {
        var content = Content(4 * Block);
        var hash = await StoredAsync(content);
        var path = _given.StoredFile(hash);
        var bad = await File.ReadAllBytesAsync(path);
        const int start = 38;
        const int sealedBlock = Block + 28;
        if (swapped)
        {
            var second = bad.AsSpan(start + sealedBlock, sealedBlock).ToArray();
            bad.AsSpan(start + (2 * sealedBlock), sealedBlock).CopyTo(bad.AsSpan(start + sealedBlock));
            second.CopyTo(bad.AsSpan(start + (2 * sealedBlock)));
        }
        else
        {
            bad[^1] ^= 1;
        }

        await File.WriteAllBytesAsync(path, bad);
        var opened = await OpenedAsync(hash);
        await Should.ThrowAsync<SealBrokenException>(() => ReadAsync(opened));

        await StoredAsync(content);
        (await ReadAsync(await OpenedAsync(hash))).ShouldBe(content);
    }

    [Fact]
    public async Task A_file_put_under_another_ones_name_is_damaged()
    {
        var one = await StoredAsync(Content(40));
        var two = await StoredAsync(Content(41));
        File.Copy(_given.StoredFile(one), _given.StoredFile(two), overwrite: true);
        (await _files.OpenAsync(two)).ShouldBeOfType<OpenFileResult.Damaged>();
    }

    [Theory]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256:../../keys/master.key")]
    [InlineData("sha256:")]
    [InlineData("")]
    [InlineData("../../../../../../../../../../../../../../../../../../../../../../etc/passwd")]
    public async Task A_hash_that_names_no_file_is_unknown(string hash) =>
        (await _files.OpenAsync(hash)).ShouldBeOfType<OpenFileResult.Unknown>();

    private async Task<OpenFileResult.Opened> OpenedAsync(string hash) => (await _files.OpenAsync(hash)).ShouldBeOfType<OpenFileResult.Opened>();

    private async Task<string> StoredAsync(byte[] content)
    {
        (await StoreAsync(content)).ShouldBeOfType<StoreFileResult.Stored>();
        return SealedFiles.HashOf(SHA256.HashData(content));
    }

    private async Task<StoreFileResult> StoreAsync(byte[] content)
    {
        using var stream = new MemoryStream(content);
        return await _files.StoreAsync(SealedFiles.HashOf(SHA256.HashData(content)), "image/png", stream);
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++) content[i] = (byte)((i * 31) + (i / Block));
        return content;
    }
}
