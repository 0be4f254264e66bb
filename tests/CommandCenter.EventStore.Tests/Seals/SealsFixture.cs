using System.Text.Json.Nodes;

namespace CommandCenter.EventStore.Tests.Seals;

/// <summary>A key folder of its own for one test, removed afterwards.</summary>
public sealed class SealsFixture : IDisposable
{
    public static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 21, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_560);
    public static readonly StreamKey CaseStream = StreamKey.Of("case", "0199c2f07a3d7b1e9c4f5a6b7c8d9e0f");
    public const string Subject = "case:0199c2f07a3d7b1e9c4f5a6b7c8d9e0f:reporter";

    private readonly string _root = Directory.CreateTempSubdirectory("seals-").FullName;

    public string Folder => Path.Combine(_root, "keys");
    public string FilesFolder => Path.Combine(_root, "files");
    public string Journal => Path.Combine(Folder, "erasures.jsonl");
    public string Master => Path.Combine(Folder, "master.key");

    public FolderKeyStore Open() => new(Folder, new FixedClock(At));

    public string KeyFile(KeyId keyId) => Path.Combine(Folder, "subjects", keyId.Hex[..2], $"{keyId}.json");

    public string StoredFile(string hash) => Path.Combine(FilesFolder, hash[7..9], hash[7..]);

    public IReadOnlyList<string> KeyFiles() => Directory.GetFiles(Path.Combine(Folder, "subjects"), "*", SearchOption.AllDirectories);

    /// <summary>The whole content of an opened file, which is closed.</summary>
    public static async Task<byte[]> ReadAsync(OpenFileResult.Opened opened)
    {
        await using var content = opened.Content;
        using var whole = new MemoryStream();
        await content.CopyToAsync(whole);
        return whole.ToArray();
    }

    public static JsonNode Golden()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "tests", "CommandCenter.EventStore.Tests", "golden", "seals", "key-folder-and-seals-v1.golden.json");
            if (File.Exists(file)) return JsonNode.Parse(File.ReadAllText(file))!;
        }

        throw new FileNotFoundException("The golden file of the seals is not above the tests' folder.");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private sealed class FixedClock(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
