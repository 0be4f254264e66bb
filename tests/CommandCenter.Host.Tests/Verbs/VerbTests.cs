using System.Text.Json;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Tests.Crash;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Host.Verbs;

namespace CommandCenter.Host.Tests.VerbsOfTheProgram;

public sealed class VerbTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verbs-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Verify_says_that_a_log_fits_and_what_its_head_is()
    {
        await using var town = await Town.StartAsync();
        await town.ACaseThatWasClosed();

        var (code, output, _) = await RunAsync(town, "verify");

        code.ShouldBe(0);
        var head = await RunAsync(town, "head");
        output.Trim().ShouldBe($"The log fits: {await town.HeadAsync()} events. Its head: {head.Output.Trim()}");
    }

    [Fact]
    public async Task Verify_names_the_first_event_that_does_not_fit_in_words_and_as_json()
    {
        await using var town = await Town.StartAsync();
        await town.ACaseThatWasClosed();
        await town.AskAsync<object>("update mt_events set data = data || '{\"text\":\"other\"}' where seq_id = 15 returning 1");

        var (code, words, _) = await RunAsync(town, "verify");
        code.ShouldBe(1);
        words.ShouldStartWith("The log does not fit at position 15 (event.content): The event at position 15 (");

        using var json = JsonDocument.Parse((await RunAsync(town, "verify", "--json")).Output);
        json.RootElement.GetProperty("sound").GetBoolean().ShouldBeFalse();
        json.RootElement.GetProperty("finding").GetProperty("code").GetString().ShouldBe("event.content");
        json.RootElement.GetProperty("finding").GetProperty("position").GetInt64().ShouldBe(15);
    }

    [Fact]
    public async Task A_head_that_was_kept_proves_that_nothing_before_it_was_changed_or_cut()
    {
        await using var town = await Town.StartAsync();
        await town.ACaseThatWasFiled();
        var kept = Path.Combine(_folder.FullName, "heads.txt");
        await File.WriteAllTextAsync(kept, (await RunAsync(town, "head")).Output);
        await town.ACaseThatWasFiled();
        await File.AppendAllTextAsync(kept, (await RunAsync(town, "head")).Output);

        var (code, output, _) = await RunAsync(town, "verify", "--head", kept);
        code.ShouldBe(0, output);
        output.ShouldContain("2 earlier heads");

        await File.WriteAllTextAsync(kept, $"1:{await town.HeadAsync() + 7} {new string('a', 64)}");
        (code, output, _) = await RunAsync(town, "verify", $"--head={kept}");
        code.ShouldBe(1);
        output.ShouldContain("head.log_shorter");
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_one_line()
    {
        await using var town = await Town.StartAsync();
        var noHead = Path.Combine(_folder.FullName, "noise.txt");
        await File.WriteAllTextAsync(noHead, "noise");

        (await Should.ThrowAsync<StartRefusedException>(() => RunAsync(town, "verify", "--head", noHead))).Message.ShouldContain("Line 1");
        await Should.ThrowAsync<StartRefusedException>(() => RunAsync(town, "verify", "--head", Path.Combine(_folder.FullName, "none.txt")));
        (await Should.ThrowAsync<StartRefusedException>(() => RunAsync(town, "verify", "--haed", noHead))).Message.ShouldContain("--haed");
        await Should.ThrowAsync<StartRefusedException>(() => RunAsync(["verify", $"--CommandCenter:DataFolder={_folder.FullName}/nothing"]));

        var unknown = await RunAsync(["verifi"]);
        unknown.Code.ShouldBe(2);
        unknown.Messages.ShouldContain("There is no verb 'verifi'");
        unknown.Messages.ShouldContain("verify");
        (await RunAsync(["help"])).Output.ShouldContain("raise-epoch");
    }

    [Fact]
    public async Task A_verb_works_beside_a_host_on_its_private_database_and_after_it()
    {
        var data = $"--CommandCenter:DataFolder={_folder.FullName}";
        await using (var host = await HostProcess.StartListeningAsync("--urls=http://127.0.0.1:0", data))
        {
            using var http = new HttpClient { BaseAddress = host.Address };
            (await new TownClient(http, People.GridWorker).ReportAsync(Town.AReport())).Status.ShouldBe(201);
            (await RunAsync(["verify", data])).Output.ShouldStartWith("The log fits: 18 events");
            await host.KillAsync();
        }

        (await RunAsync(["verify", data])).Output.ShouldStartWith("The log fits: 18 events");
        (await CommandCenter.Host.LocalPostgres.PrivatePostgres.TryRemoveAsync(_folder.FullName)).ShouldBeTrue();
        _folder.Create();
    }

    private static Task<(int? Code, string Output, string Messages)> RunAsync(Town town, params string[] arguments) =>
        RunAsync([.. arguments, $"--ConnectionStrings:CommandCenter={town.ConnectionString}", $"--CommandCenter:DataFolder={town.DataFolder}"]);

    private static async Task<(int? Code, string Output, string Messages)> RunAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var messages = new StringWriter();
        var code = await Verbs.Verbs.RunAsync(arguments, TimeProvider.System, output, messages);
        return (code, output.ToString(), messages.ToString());
    }
}
