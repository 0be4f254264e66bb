using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Api;

/// <summary>The API's document as the author of a client reads it.</summary>
public sealed class ApiDocumentTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Town Town => fixture.Town;

    /// <summary>The web's types are made from this file.</summary>
    private static string GoldenFile => Path.Combine(RepositoryRoot(), "src", "CommandCenter.Web", "api", "openapi.json");

    [Fact]
    public async Task The_document_is_the_golden_one()
    {
        var now = (await DocumentAsync()).ToJsonString(Readable) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(GoldenFile, now);

        now.ShouldBe(await File.ReadAllTextAsync(GoldenFile), "The API's document has changed: run with UPDATE_GOLDEN=1 and look at the difference.");
    }

    [Fact]
    public async Task It_is_OpenAPI_3_1() => (await DocumentAsync())["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_its_problems()
    {
        var names = new List<string>();
        foreach (var (method, path, operation) in Operations(await DocumentAsync()))
        {
            var where = $"{method} {path}";
            names.Add(operation["operationId"].ShouldNotBeNull(where).GetValue<string>());
            operation["summary"].ShouldNotBeNull(where).GetValue<string>().ShouldNotBeEmpty();
            var responses = operation["responses"]!.AsObject();
            responses.ShouldContain(response => response.Key.StartsWith('2'), where);
            var problems = responses.Where(response => response.Key[0] is '4' or '5').ToList();
            problems.Count.ShouldBeGreaterThan(0, where);
            foreach (var (status, response) in problems)
                response!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/Problem", $"{where} {status}");
        }

        names.ShouldBeUnique();
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_schema_is_named_cleanly()
    {
        var document = await DocumentAsync();
        var schemas = document["components"]!["schemas"]!.AsObject();
        var references = Nodes(document).OfType<JsonObject>().Select(node => node["$ref"]).OfType<JsonValue>().Select(value => value.GetValue<string>()).ToHashSet();

        foreach (var reference in references.Where(reference => reference.StartsWith('#')))
            Follow(document, reference).ShouldNotBeNull(reference);
        schemas.ShouldAllBe(schema => schema.Key.All(char.IsAsciiLetter));
        schemas.ShouldAllBe(schema => references.Contains($"#/components/schemas/{schema.Key}"));
    }

    [Fact]
    public async Task What_may_be_missing_is_not_required_and_nothing_is_ever_null()
    {
        var document = await DocumentAsync();
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            var nullable = Nodes(schema!).OfType<JsonObject>().Where(node => node["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null"));
            nullable.ShouldBeEmpty(name);
            Nodes(schema!).OfType<JsonObject>().Where(node => node["type"]?.ToJsonString() == "\"null\"").ShouldBeEmpty(name);
        }

        // Missing while nothing is late, and until the read side has numbered it.
        Required(document, "CaseDetail").ShouldBe(
            [
                "id", "version", "stage", "source", "text", "category", "sector", "urgency", "area", "reportedBy", "reportedAt", "happenedAt", "updatedAt", "photos", "photosHidden", "attachments", "attachmentsHidden", "late", "details", "possible",
            ]);
        Required(document, "FileCaseRequest").ShouldBe(["category", "urgency"]);
        Required(document, "UrgentCase").ShouldBe(["id", "number", "category", "urgency", "area", "stage", "late"]);
        Required(document, "Problem").ShouldBe(["type", "title", "status", "code", "message"]);
    }

    [Fact]
    public async Task Enumerations_are_named_strings_and_codes_and_instants_are_strings_of_their_form()
    {
        var schemas = (await DocumentAsync())["components"]!["schemas"]!;

        schemas["CaseStage"]!.ToJsonString().ShouldContain("""["assessing","reported","checking","transferring","filed","dispatched","handling","completed","verified","rated","closed","refused","redirected","merged","split"]""");
        schemas["CaseStage"]!["type"]!.GetValue<string>().ShouldBe("string");
        schemas["AreaCode"]!["type"]!.GetValue<string>().ShouldBe("string");
        schemas["AreaCode"]!["pattern"].ShouldNotBeNull();
        schemas["CommandReceipt"]!["properties"]!["version"]!["type"]!.GetValue<string>().ShouldBe("integer");
        schemas["CaseDetail"]!["properties"]!["reportedAt"]!.ToJsonString().ShouldContain("\"format\":\"date-time\"");
        schemas["PointRequest"]!["properties"]!["latitude"]!["type"]!.GetValue<string>().ShouldBe("number");
        (await DocumentAsync())["paths"]!["/api/photos"]!["post"]!["requestBody"]!["content"]!["image/png"]!["schema"]!.ToJsonString().ShouldBe("""{"type":"string","format":"binary"}""");
        schemas["HistoryItem"]!["properties"]!["data"]!["type"]!.GetValue<string>().ShouldBe("object");
    }

    [Fact]
    public async Task Every_request_has_an_example_that_the_host_accepts()
    {
        var document = await DocumentAsync();
        var commands = new Dictionary<string, string>();
        foreach (var (_, path, operation) in Operations(document).Where(o => o.Method == "post" && o.Path.StartsWith("/api/cases", StringComparison.Ordinal)))
        {
            if (operation["requestBody"]?["content"]?["application/json"]?["schema"] is not { } schema)
                continue;
            var example = Resolve(document, schema)["examples"].ShouldNotBeNull($"{path} has no example.")[0]!;
            commands[path.Split('/')[^1]] = example.ToJsonString().Replace("handler-02", People.HandlerOfSamePost, StringComparison.Ordinal);
        }

        commands.Remove("solved");
        var given = new HashSet<string>();

        var which = await Given("cases", People.GridWorker, null);
        await Given("refuse", People.Operator, which);
        var report = commands["cases"];
        commands["cases"] = report.Replace("\"normal\"", "\"emergency\"", StringComparison.Ordinal);
        which = await Given("cases", People.GridWorker, null);
        await Given("acknowledge-alarm", People.Operator, which);
        commands["cases"] = report;
        which = await Given("cases", People.GridWorker, null);
        await Given("file", People.Operator, which);
        await Given("dispatch", People.Dispatcher, which);
        await Given("recall", People.Dispatcher, which);
        await Given("dispatch", People.Dispatcher, which);
        await Given("claim", People.Handler, which);
        foreach (var work in (string[])["plan", "progress", "add-subtask", "finish-subtask", "record-funding"])
            await Given(work, People.Handler, which);
        await Given("correct-funding", People.Handler, which);
        await Given("give-feedback", People.Operator, which);
        await Given("urge", People.Dispatcher, which);
        await Given("supervise", People.TownLeader, which);
        await Given("answer-supervision", People.Handler, which);
        await Given("ask-extension", People.Handler, which);
        await Given("approve-extension", People.TownLeader, which);
        await Given("refuse-extension", People.TownLeader, which);
        await Given("ask-suspension", People.Handler, which);
        await Given("refuse-suspension", People.TownLeader, which);
        await Given("ask-suspension", People.Handler, which);
        await Given("approve-suspension", People.TownLeader, which);
        await Given("resume", People.Handler, which);
        await Given("complete", People.Handler, which);
        await Given("verify", People.GridWorker, which);
        await Given("rate", People.GridWorker, which);
        await Given("close", People.Dispatcher, which);
        await Given("reopen", People.Dispatcher, which);
        await Given("raise-level", People.TownLeader, which);
        await Given("lower-level", People.TownLeader, which);
        await Given("dispatch", People.Dispatcher, which);
        await Given("return", People.Handler, which);
        await Given("redirect", People.Operator, which);

        which = await Given("cases", People.GridWorker, null);
        await Given("send-to-village", People.Operator, which);
        await Given("pass-up", People.Secretary, which);
        await Given("check", People.Operator, which);
        await Given("report-check", People.GridWorker, which);
        await Given("file", People.Operator, which);
        await Given("split", People.Dispatcher, which);
        var main = await Given("cases", People.GridWorker, null);
        which = await Given("cases", People.GridWorker, null);
        commands["link"] = commands["link"].Replace("0199c2f0b1d87c3e9a4b5c6d7e8f9012", main, StringComparison.Ordinal);
        commands["unlink"] = commands["unlink"].Replace("0199c2f0b1d87c3e9a4b5c6d7e8f9012", main, StringComparison.Ordinal);
        commands["merge"] = commands["merge"].Replace("0199c2f0b1d87c3e9a4b5c6d7e8f9012", main, StringComparison.Ordinal);
        foreach (var command in (string[])["link", "unlink", "merge", "unmerge"])
            await Given(command, People.Dispatcher, which);
        await Given("file", People.Operator, which);
        await Given("dispatch", People.Dispatcher, which);
        await Given("reassign", People.Dispatcher, which);
        await Given("claim", People.HandlerOfSamePost, which);
        await Given("add-subtask", People.HandlerOfSamePost, which);
        await Given("drop-subtask", People.HandlerOfSamePost, which);
        await Given("hand-to-enforcement", People.HandlerOfSamePost, which);

        // The neighbouring town declines it, gets it all the same, and its village settles it.
        var photo = (await Town.As("village-secretary-07").PostAsync("/api/photos", Images.Png(7), mediaType: "image/png")).Ok<Host.Files.PhotoReceipt>().Photo;
        commands["settle"] = commands["settle"].Replace("sha256:\\u2026", photo, StringComparison.Ordinal);
        which = await Given("cases", People.GridWorker, null);
        await Given("request-transfer", People.Dispatcher, which);
        await Given("decline-transfer", People.NeighbourOperator, which);
        await Given("transfer", People.Supervisor, which);
        await Given("send-to-village", People.NeighbourOperator, which);
        await Given("settle", "village-secretary-07", which);

        // It takes another, which is raised to the district, and a department takes it on.
        which = await Given("cases", People.GridWorker, null);
        await Given("request-transfer", People.Dispatcher, which);
        await Given("accept-transfer", People.NeighbourOperator, which);
        await Given("file", People.NeighbourOperator, which);
        await Given("raise-level", "town-leader-03", which);
        await Given("take-on", "department-01", which);

        // What was late is appealed after it is closed.
        which = await Given("cases", People.GridWorker, null);
        Town.Clock.Advance(TimeSpan.FromHours(1));
        await Given("file", People.Operator, which);
        await Given("dispatch", People.Dispatcher, which);
        await Given("claim", People.Handler, which);
        await Given("complete", People.Handler, which);
        await Given("verify", People.GridWorker, which);
        await Given("close", People.Dispatcher, which);
        await Given("appeal-lateness", People.Handler, which);
        await Given("review-appeal", People.TownLeader, which);

        commands.Keys.Except(given).ShouldBeEmpty();

        async Task<string> Given(string command, string by, string? id)
        {
            given.Add(command);
            var answer = await Town.As(by).PostAsync(id is null ? "/api/cases" : $"/api/cases/{id}/{command}", commands[command]);
            answer.Status.ShouldBe(id is null ? 201 : 200, $"{command}: {answer.Text}");
            return answer.Receipt.Id;
        }
    }

    [Fact]
    public async Task Headers_that_a_request_needs_are_in_the_document()
    {
        foreach (var (method, path, operation) in Operations(await DocumentAsync()))
        {
            var required = (operation["parameters"]?.AsArray() ?? []).Where(p => p!["required"]?.GetValue<bool>() == true).Select(p => p!["name"]!.GetValue<string>()).ToList();
            if (!path.StartsWith("/api/organization", StringComparison.Ordinal))
                required.ShouldContain("X-Actor", $"{method} {path}");
            // What keeps the system going appends nothing, so there is nothing to do twice.
            if (method == "post" && path != "/api/photos" && !path.StartsWith("/api/uploads", StringComparison.Ordinal) && !path.StartsWith("/api/operations/", StringComparison.Ordinal))
                required.ShouldContain("Idempotency-Key", $"{method} {path}");
        }
    }

    private async Task<JsonObject> DocumentAsync()
    {
        var answer = await Town.As(null).GetAsync("/openapi/v1.json");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Object;
    }

    private static IEnumerable<(string Method, string Path, JsonObject Operation)> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        where operation.Key is "get" or "post" or "put" or "delete" or "patch"
        select (operation.Key, path.Key, operation.Value!.AsObject());

    private static IEnumerable<string> Required(JsonObject document, string schema) =>
        document["components"]!["schemas"]![schema]!["required"]!.AsArray().Select(name => name!.GetValue<string>());

    private static JsonNode Resolve(JsonObject document, JsonNode schema) => schema["$ref"] is { } reference ? Follow(document, reference.GetValue<string>())! : schema;

    private static JsonNode? Follow(JsonNode document, string reference) =>
        reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate((JsonNode?)document, (node, name) => node?[name]);

    private static IEnumerable<JsonNode> Nodes(JsonNode node)
    {
        yield return node;
        var children = node switch
        {
            JsonObject o => o.Select(member => member.Value),
            JsonArray a => a,
            _ => [],
        };
        foreach (var child in children)
        {
            if (child is null)
                continue;
            foreach (var inner in Nodes(child))
                yield return inner;
        }
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CommandCenter.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run outside their repository.");
        return folder.FullName;
    }
}
