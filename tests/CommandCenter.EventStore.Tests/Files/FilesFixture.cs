using System.Security.Cryptography;
using CommandCenter.EventStore.Tests.Seals;
using CommandCenter.Testing.Postgres;

namespace CommandCenter.EventStore.Tests.Files;

/// <summary>A log, a shelf and uploads over one database and one folder.</summary>
internal sealed class FilesFixture : IAsyncDisposable
{
    private readonly SealsFixture _seals = new();
    private readonly FolderKeyStore _keys;

    private FilesFixture(PostgresEngine engine)
    {
        Engine = engine;
        _keys = _seals.Open();
        Files = new SealedFiles(_seals.FilesFolder, _keys);
        Shelf = new FileShelf(engine.DataSource, Files);
        Uploads = AnotherNode();
    }

    public PostgresEngine Engine { get; }

    public SealedFiles Files { get; }

    public FileShelf Shelf { get; }

    public Uploads Uploads { get; }

    public string PartsFolder => Path.Combine(_seals.FilesFolder, "..", "uploads");

    public static async Task<FilesFixture> StartAsync() => new(await PostgresEngine.StartAsync(TestPostgres.AvailableMajors[^1]));

    /// <summary>As another process on the same database and folder would have it.</summary>
    public Uploads AnotherNode() => new(Engine.DataSource, Shelf, _keys, PartsFolder);

    public static string HashOf(byte[] content) => SealedFiles.HashOf(SHA256.HashData(content));

    public static byte[] Content(int seed, int length)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    public async Task<string> PutAsync(byte[] content, DateTimeOffset at, string actor = "p-17")
    {
        using var stream = new MemoryStream(content);
        (await Shelf.PutAsync(HashOf(content), "application/pdf", stream, actor, at)).ShouldBeOfType<StoreFileResult.Stored>();
        return HashOf(content);
    }

    public async Task<byte[]> ReadAsync(string hash) => await SealsFixture.ReadAsync((await Files.OpenAsync(hash)).ShouldBeOfType<OpenFileResult.Opened>());

    public async Task<bool> IsThereAsync(string hash) => await Files.OpenAsync(hash) switch
    {
        OpenFileResult.Opened opened => await SealsFixture.ReadAsync(opened) is not null,
        _ => false,
    };

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _keys.Dispose();
        _seals.Dispose();
    }
}
