using System.Text;
using System.Text.Json.Nodes;

namespace CommandCenter.EventStore.Tests.Seals;

/// <summary>The golden folder was written by another implementation of ADR 0003; what it sealed must open here for ever.</summary>
public sealed class GoldenSealsTests : IDisposable
{
    private readonly SealsFixture _given = new();
    private readonly JsonNode _golden = SealsFixture.Golden();
    private readonly FolderKeyStore _keys;

    public GoldenSealsTests()
    {
        Directory.CreateDirectory(_given.Folder);
        Put(_given.Master, Convert.FromHexString(Text("masterKeyHex")));
        foreach (var (path, content) in _golden["textFiles"]!.AsObject()) Put(Path.Combine(_given.Folder, path), Encoding.UTF8.GetBytes(content!.GetValue<string>()));
        _keys = _given.Open();
    }

    public void Dispose()
    {
        _keys.Dispose();
        _given.Dispose();
    }

    [Fact]
    public async Task The_golden_sealed_value_opens()
    {
        var opened = await new Sealer(_keys).OpenAsync(Text("sealed", "value"), StreamKey.Parse(Text("sealed", "stream")), Text("sealed", "field"));
        opened.ShouldBe(new OpenResult.Opened(Text("sealed", "text")));
    }

    [Fact]
    public async Task The_golden_subject_keeps_its_key() =>
        (await _keys.GetOrCreateAsync(Text("sealed", "subject"))).KeyId.Hex.ShouldBe(Text("sealed", "keyId"));

    [Fact]
    public async Task The_golden_marked_text_opens()
    {
        var marked = new MarkedText(Text("marked", "text"), [.. _golden["marked"]!["spans"]!.AsArray().Select(span => span!.GetValue<string>())]);
        var clear = await new MarkedTextSealer(new Sealer(_keys)).OpenAsync(marked, StreamKey.Parse(Text("sealed", "stream")), Text("marked", "field"), MaskWords.Chinese);
        clear.ShouldBe(Text("marked", "clear"));
    }

    [Fact]
    public async Task The_golden_journal_is_obeyed()
    {
        KeyId.TryParse(Text("erasedKeyId"), out var keyId).ShouldBeTrue();
        (await _keys.FindAsync(keyId)).ShouldBeOfType<KeyLookup.Erased>();
    }

    [Fact]
    public void The_golden_hashes_are_the_same()
    {
        var sealer = new Sealer(_keys);
        Convert.ToHexStringLower(sealer.LookupHash(Text("hashes", "lookupText"))).ShouldBe(Text("hashes", "lookupHex"));
        Convert.ToHexStringLower(sealer.RequestHash(Encoding.UTF8.GetBytes(Text("hashes", "requestText")))).ShouldBe(Text("hashes", "requestHex"));
    }

    [Fact]
    public async Task The_golden_photo_opens_and_is_not_stored_again()
    {
        var stored = Convert.FromHexString(Text("file", "storedHex"));
        var path = Path.Combine(_given.FilesFolder, Text("file", "storedAt"));
        Put(path, stored);
        var files = new SealedFiles(_given.FilesFolder, _keys);

        var opened = (await files.OpenAsync(Text("file", "hash"))).ShouldBeOfType<OpenFileResult.Opened>();
        opened.MediaType.ShouldBe(Text("file", "mediaType"));
        Convert.ToHexStringLower(await SealsFixture.ReadAsync(opened)).ShouldBe(Text("file", "plainHex"));
        using var again = new MemoryStream(Convert.FromHexString(Text("file", "plainHex")));
        (await files.StoreAsync(Text("file", "hash"), "image/png", again)).ShouldBeOfType<StoreFileResult.Stored>();
        (await File.ReadAllBytesAsync(path)).ShouldBe(stored);
    }

    [Fact]
    public async Task A_photo_stored_now_has_the_golden_layout()
    {
        using var photo = new MemoryStream(Convert.FromHexString(Text("file", "plainHex")));
        await new SealedFiles(_given.FilesFolder, _keys).StoreAsync(Text("file", "hash"), "image/png", photo);

        var stored = await File.ReadAllBytesAsync(Path.Combine(_given.FilesFolder, Text("file", "storedAt")));
        var golden = Convert.FromHexString(Text("file", "storedHex"));
        stored.Length.ShouldBe(golden.Length);
        stored[..38].ShouldBe(golden[..38]);
        stored[38..50].ShouldNotBe(golden[38..50], "a nonce is used once");
    }

    private string Text(params string[] path) => path.Aggregate(_golden, (node, name) => node[name]!).GetValue<string>();

    private static void Put(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
