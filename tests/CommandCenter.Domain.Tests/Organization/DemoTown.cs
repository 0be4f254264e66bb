using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests.Organization;

/// <summary>The bundled town as texts, so that a test can spoil one line of it.</summary>
internal static class DemoTown
{
    public static readonly AreaCode District = AreaCode.Parse("500153");
    public static readonly AreaCode Town = AreaCode.Parse("500153003");

    private static readonly Lazy<OrganizationContent> Whole = new(() => Read(Files()) switch
    {
        OrganizationReading.Complete complete => complete.Content,
        OrganizationReading.Refused refused => throw new InvalidOperationException(string.Join('\n', refused.Errors)),
        _ => throw new InvalidOperationException(),
    });

    public static readonly DateOnly Today = new(2026, 3, 2);

    private static readonly Lazy<OrganizationDirectory> AsOfToday = new(() => Whole.Value.On(Today));

    public static OrganizationContent Content => Whole.Value;

    public static OrganizationDirectory Directory => AsOfToday.Value;

    public static Dictionary<string, string> Files() => OrganizationReader.FileNames.Append(OrganizationReader.SpotsFile).ToDictionary(
        name => name,
        name => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "demo-district", name)));

    public static OrganizationReading Read(IReadOnlyDictionary<string, string> files) => OrganizationReader.Read(files);

    /// <summary>The errors after one text of one file was replaced where it occurs first.</summary>
    public static IReadOnlyList<OrganizationError> ErrorsWith(string file, string old, string @new)
    {
        var files = Files();
        var at = files[file].IndexOf(old, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0, $"'{old}' is not in {file}");
        files[file] = files[file][..at] + @new + files[file][(at + old.Length)..];
        return Errors(files);
    }

    public static IReadOnlyList<OrganizationError> Errors(IReadOnlyDictionary<string, string> files) =>
        Read(files).ShouldBeOfType<OrganizationReading.Refused>().Errors;

    /// <summary>The line, counted from 1, on which the text occurs first.</summary>
    public static int LineOf(string file, string text)
    {
        var all = Files()[file];
        var at = all.IndexOf(text, StringComparison.Ordinal);
        at.ShouldBeGreaterThanOrEqualTo(0, $"'{text}' is not in {file}");
        return 1 + all[..at].Count(c => c == '\n');
    }
}
