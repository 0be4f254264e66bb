using CommandCenter.Domain.Deadlines;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Deadlines;

namespace CommandCenter.Host.Tests.VerbsOfTheProgram;

public sealed class PolicyVerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("policy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Check_counts_the_limits_of_a_policy_by_where_they_come_from()
    {
        var (code, output) = await RunAsync("check", Path.Combine(PolicyFolder.Bundled, "default-2.json"));

        code.ShouldBe(0);
        output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "default-2: 24 general rules, 147 matters", "  PartyBuilding: 12 matters", "  Economy: 83 matters", "  Livelihood: 26 matters", "  SafetyAndLaw: 26 matters",
            "  Sourced: 90 limits", "  Derived: 33 limits", "  Assumed: 61 limits", "  without a mark: 0 limits",
        ]);
    }

    [Fact]
    public async Task Check_names_every_defect_with_its_line()
    {
        var path = Path.Combine(_folder.FullName, "broken.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(Path.Combine(PolicyFolder.Bundled, "default-2.json"))).Replace("\"ladder\": \"urgent\"", "\"ladder\": \"nowhere\"", StringComparison.Ordinal));

        var (code, output) = await RunAsync("check", path);

        code.ShouldBe(1);
        output.ShouldContain(": there is no ladder nowhere.");
        output.ShouldEndWith($"errors: the policy cannot be used.{Environment.NewLine}");
    }

    [Fact]
    public async Task Schema_prints_the_published_schema() => (await RunAsync("schema")).Output.ShouldBe(DeadlinePolicySchema.Text());

    [Fact]
    public async Task A_file_that_is_not_there_or_a_word_that_it_does_not_know_is_said()
    {
        await Should.ThrowAsync<StartRefusedException>(() => RunAsync("check", Path.Combine(_folder.FullName, "none.json")));
        (await Should.ThrowAsync<StartRefusedException>(() => RunAsync("look", "at"))).Message.ShouldContain("policy check FILE | schema");
        await Should.ThrowAsync<StartRefusedException>(() => RunAsync());
    }

    private static async Task<(int? Code, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var messages = new StringWriter();
        var code = await Verbs.Verbs.RunAsync(["policy", .. words], TimeProvider.System, output, messages);
        return (code, output.ToString());
    }
}
