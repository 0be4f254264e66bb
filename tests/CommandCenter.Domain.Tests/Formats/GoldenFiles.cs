namespace CommandCenter.Domain.Tests;

/// <summary>Files that hold a frozen form to the byte. <c>UPDATE_GOLDEN=1</c> records them anew, on purpose.</summary>
public static class GoldenFiles
{
    private static readonly bool Update = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    public static string Folder { get; } = RepositoryFiles.Path("tests", "CommandCenter.Domain.Tests", "golden");

    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public static void ShouldEqual(string text, string name)
    {
        var path = Path.Combine(Folder, name);
        if (Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        File.Exists(path).ShouldBeTrue($"There is no golden/{name}. Record it on purpose with UPDATE_GOLDEN=1.");
        File.ReadAllText(path).ShouldBe(text, $"golden/{name} is frozen. If nothing is released yet, record it anew with UPDATE_GOLDEN=1; else make a new version and an upcaster.");
    }
}
