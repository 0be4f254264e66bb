using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Tests.Towns;
using CommandCenter.Testing.Clock;

namespace CommandCenter.Host.Tests.Api;

/// <summary>
/// Every address that changes something, outside of cases, whose commands have a table of their own: each is called once, in the order of the table, with the example of the interface's document where
/// nothing else is given. What comes of it is the tests' beside it; here no address is left out.
/// </summary>
public sealed class EveryAddressTests(EveryAddressTests.EarlyTown fixture) : IClassFixture<EveryAddressTests.EarlyTown>
{
    /// <summary>A town early enough for the days of the examples, of which eleven pass before the first call.</summary>
    public sealed class EarlyTown : IAsyncLifetime
    {
        private Town? _town;

        public Town Town => _town ?? throw new InvalidOperationException("The town has not been started.");

        public async Task InitializeAsync() => _town = await Town.StartAsync(new VirtualClock(new DateTimeOffset(2026, 11, 9, 23, 0, 0, TimeSpan.Zero)));

        public async Task DisposeAsync()
        {
            if (_town is not null)
                await _town.DisposeAsync();
        }
    }

    private const string Administrator = "administrator-01";
    private const string Office = "office-01";
    private const string Ecology = "department-01";

    private Town Town => fixture.Town;

    /// <param name="Address"><c>METHOD path</c> as in the document; places in braces are filled from what was kept.</param>
    /// <param name="Then">The status, and for a refusal its code.</param>
    /// <param name="Keep">Under which name the id that came of it is kept.</param>
    /// <param name="Body">Null: the example.</param>
    /// <param name="Media">Of the body.</param>
    /// <param name="Waits">So much time passes before.</param>
    private sealed record Call(string Address, string By, string Then, string? Keep = null, Func<Town, IReadOnlyDictionary<string, string>, object>? Body = null, string Media = "application/json", string? Id = null, TimeSpan? Waits = null);

    private static readonly Call[] Calls =
    [
        new("POST /api/photos", People.GridWorker, "201", Body: (_, _) => Images.Png(17), Media: "image/png"),
        new("POST /api/uploads", People.GridWorker, "201", "upload"),
        new("PATCH /api/uploads/{id}", People.GridWorker, "204", Body: (_, _) => Images.Png(18), Media: "application/offset+octet-stream", Id: "upload"),
        new("DELETE /api/uploads/{id}", People.GridWorker, "204", Id: "upload"),

        new("POST /api/inbox/{id}/read", People.Operator, "200", Id: "notice"),

        new("POST /api/organization/register", Administrator, "200"),
        new("POST /api/organization/appoint", Administrator, "200", Body: (_, _) => """{"person":"grid-worker-99","seat":{"role":"grid_worker","place":"500153003001002"}}"""),
        new("POST /api/organization/move", Administrator, "200", Body: (_, _) => """{"person":"grid-worker-99","from":{"role":"grid_worker","place":"500153003001002"},"to":{"role":"grid_worker","place":"500153003001003"}}"""),
        new("POST /api/organization/relieve", Administrator, "200", Body: (_, _) => """{"person":"grid-worker-99","seat":{"role":"grid_worker","place":"500153003001003"}}"""),
        new("POST /api/organization/dismiss", Administrator, "200", Body: (_, _) => """{"person":"grid-worker-99"}"""),
        new("POST /api/organization/rename", Administrator, "200"),
        new("POST /api/organization/redraw", Administrator, "200"),
        new("POST /api/organization/close-unit", Administrator, "409 organization.still_named"),

        new("POST /api/policy/edit", Administrator, "200"),
        new("POST /api/policy/import", Administrator, "422 policy.file_refused", Body: (_, _) => "{}"),
        new("POST /api/policy/calendar/years", Administrator, "422 policy.file_refused", Body: (_, _) => "{}"),
        new("POST /api/policy/calendar/hours", Administrator, "422 policy.file_refused", Body: (_, _) => """{"rules":[{"spans":["09:00"]}]}"""),

        new("POST /api/operations/projections/{name}/rebuild", Administrator, "202", Id: "=" + CaseTable.TableName),
        new("POST /api/operations/projections/{name}/parked/{stream}/replay", Administrator, "404 projection.not_parked", Id: "=" + CaseTable.TableName),
        new("POST /api/operations/outbox/replay", Administrator, "200"),
        new("POST /api/operations/outbox/{id}/replay", Administrator, "404 request.not_found", Id: "=0199c2f0-b1d8-7c3e-9a4b-5c6d7e8f9012"),

        new("POST /api/duty/{place}/plan", Administrator, "200", Id: "=500153003"),
        new("POST /api/duty/{place}/import", Administrator, "422 duty.list_refused", Body: (_, _) => Encoding.UTF8.GetBytes("person,from\n"), Media: "text/csv", Id: "=500153003"),
        new("POST /api/duty/{place}/swap", Administrator, "409 duty.shift_unknown", Id: "=500153003"),
        new("POST /api/duty/{place}/reassign", Administrator, "409 duty.shift_unknown", Id: "=500153003"),
        new("POST /api/duty/{place}/cancel", Administrator, "409 duty.shift_unknown", Id: "=500153003", Body: (_, _) => """{"shifts":[99]}"""),
        new("POST /api/duty/{place}/hand-over", "center-operator-01", "409 duty.shift_unknown", Id: "=500153003"),
        new("POST /api/duty/{place}/accept", "center-operator-02", "409 duty.shift_unknown", Id: "=500153003"),
        new("POST /api/duty/{place}/take-over", "center-operator-02", "409 duty.shift_unknown", Id: "=500153003"),
        new("POST /api/absences/record", Office, "200", Body: (_, _) => """{"person":"post-handler-07","from":"2026-12-07","to":"2026-12-11","substitute":"post-handler-08"}"""),
        new("POST /api/absences/end", Office, "200"),

        new("POST /api/admissions/{keeper}/request", People.Dispatcher, "200", Id: "=500153003"),
        new("POST /api/admissions/{keeper}/approve", People.TownLeader, "200", Id: "=500153003"),
        new("POST /api/admissions/{keeper}/end", People.TownLeader, "200", Id: "=500153003"),
        new("POST /api/admissions/{keeper}/reject", People.TownLeader, "409 admission.addition_ended", Id: "=500153003"),

        new("POST /api/task-lists", People.Dispatcher, "201", "list"),
        new("POST /api/task-lists/{id}/revise", People.Dispatcher, "200", Id: "list"),
        new("POST /api/task-lists/{id}/publish", People.Dispatcher, "200", Id: "list"),
        new("POST /api/tasks/{id}/claim", People.GridWorker, "200", Id: "task"),
        new("POST /api/tasks/{id}/release", People.GridWorker, "200", Id: "task"),
        new("POST /api/tasks/{id}/progress", People.GridWorker, "200", Id: "task"),
        new("POST /api/tasks/{id}/complete", People.GridWorker, "200", Id: "task"),
        new("POST /api/tasks/{id}/check", People.Dispatcher, "200", Id: "task"),
        new("POST /api/tasks/{id}/return", People.GridWorkerElsewhere, "200", Id: "other-task"),
        new("POST /api/tasks/{id}/resend", People.Dispatcher, "200", Id: "other-task"),
        new("POST /api/tasks/{id}/cancel", People.Dispatcher, "200", Id: "other-task"),
        new("POST /api/task-lists/{id}/close", People.Dispatcher, "409 task_list.not_closable", Id: "list"),
        new("POST /api/task-lists/{id}/withdraw", People.Dispatcher, "200", Id: "list"),
        // Last of these, because it binds the town from then on.
        new("POST /api/admissions/{keeper}/adopt", People.Supervisor, "200", Id: "=500153003"),

        new("POST /api/meetings", People.Secretary, "201", "planned"),
        new("POST /api/meetings/{id}/cancel", People.Secretary, "200", Id: "planned"),
        new("POST /api/meetings/{id}/hold", People.Secretary, "409 meeting.cancelled", Id: "planned"),
        new("POST /api/meetings/held", People.Secretary, "201", "meeting"),
        new("POST /api/meetings/{id}/record-minutes", People.Secretary, "200", Id: "meeting"),
        new("POST /api/meetings/{id}/import-list", People.Secretary, "200", Id: "meeting"),
        new("POST /api/meetings/{id}/import-csv", People.Secretary, "422 meeting.list_refused", Body: (_, _) => Encoding.UTF8.GetBytes("kind,text\n"), Media: "text/csv", Id: "meeting"),
        new("POST /api/meetings/{id}/give-feedback", People.Secretary, "409 meeting.line_open", Id: "meeting"),
        new("POST /api/meetings/{id}/reconcile", People.Dispatcher, "200", Id: "meeting"),
        new("POST /api/meetings/{id}/strike-off", People.Dispatcher, "409 meeting.lines_open", Id: "meeting"),

        new("POST /api/whistles", People.GridWorker, "201", "whistle", (_, _) => """{"text":"桥头路面塌陷，疑似水管漏水","units":["department:ecology-bureau","post:village-construction"],"area":"500153003001001"}"""),
        new("POST /api/whistles/{id}/call", People.Operator, "200", Body: (_, _) => """{"units":["department:water-bureau"]}""", Id: "whistle"),
        new("POST /api/whistles/{id}/calls/{call}/route", People.Operator, "200", Id: "whistle"),
        new("POST /api/whistles/{id}/calls/{call}/arrive", Ecology, "200", Id: "whistle"),
        new("POST /api/whistles/{id}/calls/{call}/advise", Ecology, "200", Id: "whistle"),
        new("POST /api/whistles/{id}/calls/{call}/resolve", Ecology, "200", Id: "whistle"),
        new("POST /api/whistles/{id}/calls/{call}/rate", People.GridWorker, "200", Id: "whistle"),
        new("POST /api/whistles/{id}/calls/{call}/decline", Ecology, "409 whistle.call.rated", Body: (_, _) => """{"reason":"不属我部门职责"}""", Id: "whistle"),
        new("POST /api/whistles/{id}/calls/{call}/drop", People.GridWorker, "409 whistle.call.rated", Id: "whistle"),
        new("POST /api/whistles/{id}/withdraw", People.GridWorker, "200", Id: "whistle"),

        new("POST /api/listings/{caseId}/open", People.Supervisor, "200", Id: "open"),
        new("POST /api/listings/{caseId}/report", People.TownLeader, "200", Id: "open"),
        new("POST /api/listings/{caseId}/lift", "district-leader-01", "409 listing.not_done", Body: (_, _) => """{"proof":"现场核实"}""", Id: "open"),

        new("POST /api/agendas/{town}/prepare", Office, "200", Body: (town, _) => $$"""{"startsAt":"{{town.Clock.GetUtcNow().AddDays(2):O}}"}""", Id: "=500153003"),
        new("POST /api/agendas/{town}/add", Office, "200", Body: (_, kept) => $$"""{"caseId":"{{kept["open"]}}","reason":"群众反映强烈"}""", Id: "=500153003"),
        new("POST /api/agendas/{town}/name-lead", Office, "200", Body: (town, _) => $$"""{"item":1,"person":"sector-lead-02","until":"{{town.Clock.GetUtcNow().AddDays(30):O}}"}""", Id: "=500153003"),
        new("POST /api/agendas/{town}/report", Office, "200", Id: "=500153003"),
        new("POST /api/agendas/{town}/appraise", Office, "409 agenda.not_solved", Id: "=500153003"),
        new("POST /api/agendas/{town}/strike", Office, "409 agenda.led", Id: "=500153003"),
        new("POST /api/agendas/{town}/conclude", Office, "409 agenda.not_begun", Id: "=500153003"),
        new("POST /api/agendas/{town}/cancel", Office, "200", Id: "=500153003"),

        new("POST /api/guidances", People.Supervisor, "201", "guidance", (town, _) =>
            $$"""{"place":"500153003003001","from":"{{town.Clock.GetUtcNow().AddHours(-9):O}}","to":"{{town.Clock.GetUtcNow().AddHours(-1):O}}","found":"三处坑洞未设围挡。","agreed":"三日内设围挡。","by":"{{town.Clock.GetUtcNow().AddDays(7):O}}"}"""),
        new("POST /api/guidances/{id}/follow-up", People.TownLeader, "200", Id: "guidance"),
        new("POST /api/guidances/plan", People.Supervisor, "201", "planned", (town, _) =>
            $$"""{"place":"500153003003001","from":"{{town.Clock.GetUtcNow().AddHours(1):O}}","to":"{{town.Clock.GetUtcNow().AddHours(9):O}}","task":"现场商定责任单位。"}"""),
        new("POST /api/guidances/{id}/begin", People.Supervisor, "200", Id: "planned"),
        new("POST /api/guidances/{id}/finish", People.Supervisor, "200", Id: "planned", Waits: TimeSpan.FromMinutes(1)),
        new("POST /api/guidances/{id}/call-off", People.Supervisor, "409 guidance.recorded", Id: "planned"),
        new("POST /api/reviews", Office, "201", "review", (town, _) =>
            $$"""{"scope":"500153003","from":"{{town.Clock.GetUtcNow().AddDays(-30):yyyy-MM-dd}}","to":"{{town.Clock.GetUtcNow().AddHours(8):yyyy-MM-dd}}","startsAt":"{{town.Clock.GetUtcNow().AddMinutes(1):O}}"}"""),
        new("POST /api/reviews/{id}/leave-out", Office, "200", Id: "review"),
        new("POST /api/reviews/{id}/record-lesson", Office, "200", Body: (town, _) =>
            $$"""{"item":1,"lesson":"研判太晚。","measures":[{"text":"立案时即测算","owner":"post-handler-05","dueAt":"{{town.Clock.GetUtcNow().AddDays(30):O}}"}]}""", Id: "review"),
        new("POST /api/reviews/{id}/conclude", Office, "200", Id: "review", Waits: TimeSpan.FromMinutes(1)),
        new("POST /api/reviews/{id}/finish-measure", People.Handler, "200", Id: "review"),
        new("POST /api/reviews/{id}/cancel", Office, "409 review.concluded", Id: "review"),
    ];

    [Fact]
    public async Task Every_address_that_changes_something_has_its_call()
    {
        var paths = (await Town.As(null).GetAsync("/openapi/v1.json")).Object["paths"]!.AsObject();
        var addresses = from path in paths
                        where !path.Key.StartsWith("/api/cases", StringComparison.Ordinal)
                        from method in path.Value!.AsObject()
                        where method.Key is "post" or "put" or "patch" or "delete"
                        select $"{method.Key.ToUpperInvariant()} {path.Key}";
        Calls.Select(call => call.Address).Order(StringComparer.Ordinal).ShouldBe(addresses.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_call_is_answered_as_the_table_says()
    {
        var document = (await Town.As(null).GetAsync("/openapi/v1.json")).Object;
        var kept = await KeptAsync();
        var wrong = new List<string>();
        foreach (var call in Calls)
        {
            if (call.Waits is { } wait)
                await Town.PassAsync(wait);
            var answer = await SendAsync(call, kept, document);
            var then = answer.Status < 400 ? answer.Status.ToString(CultureInfo.InvariantCulture) : $"{answer.Status} {(answer.MediaType == "application/problem+json" ? answer.Object["code"] : "")}".Trim();
            if (then != call.Then)
                wrong.Add($"{call.Address} by {call.By}: {call.Then}, but {answer}");
            if (call.Keep is { } name && answer.Status < 300)
                kept[name] = name == "upload" ? answer.Location!.Split('/')[^1] : answer.Receipt.Id;
            if (call.Keep == "list" && answer.Status < 300)
                (kept["task"], kept["other-task"]) = ($"{kept["list"]}-1-{Places.Grid}", $"{kept["list"]}-1-{Places.OtherGrid}");
        }

        wrong.ShouldBeEmpty(string.Join('\n', wrong));
    }

    /// <summary>What has to be there before: an open case, a notice of it, and one that was late and closed.</summary>
    private async Task<Dictionary<string, string>> KeptAsync()
    {
        var late = await Town.ACaseThatWasClaimed();
        await Town.PassAsync(TimeSpan.FromDays(11));
        foreach (var (command, body, by) in ((string, object, string)[])
            [("complete", new CompleteCaseRequest("已清运"), People.Handler), ("verify", new VerifyCaseRequest(true), People.GridWorker), ("close", new CloseCaseRequest(), People.Dispatcher)])
            await Town.After(late, command, body, by);
        var open = await Town.ACaseThatWasDispatched();
        await Town.PassAsync(TimeSpan.FromMinutes(1));
        var notice = (await Town.As(People.Operator).GetAsync("/api/inbox")).Object["items"]![0]!["id"]!.GetValue<string>();
        return new Dictionary<string, string>(StringComparer.Ordinal) { ["open"] = open.Id, ["notice"] = notice, ["upload"] = "none" };
    }

    private async Task<Answer> SendAsync(Call call, IReadOnlyDictionary<string, string> kept, JsonObject document)
    {
        var (method, path) = call.Address.Split(' ') is [var first, var second] ? (new HttpMethod(first), second) : throw new InvalidOperationException(call.Address);
        var id = call.Id is null ? "" : call.Id[0] == '=' ? call.Id[1..] : kept.GetValueOrDefault(call.Id, "0199c2f0b1d87c3e9a4b5c6d7e8f9012");
        var filled = path.Replace("{call}", "1").Replace("{stream}", "case:0199c2f0b1d87c3e9a4b5c6d7e8f9012");
        filled = System.Text.RegularExpressions.Regex.Replace(filled, @"\{\w+\}", id);
        var body = call.Body?.Invoke(Town, kept) ?? Example(document, path, method) ?? "";
        using var request = Town.As(call.By).Request(method, filled);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", TownClient.NewKey());
        if (path.StartsWith("/api/uploads", StringComparison.Ordinal))
        {
            request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
            request.Headers.TryAddWithoutValidation(method == HttpMethod.Post ? "Upload-Length" : "Upload-Offset", method == HttpMethod.Post ? Images.Png(18).Length.ToString(CultureInfo.InvariantCulture) : "0");
        }

        byte[] bytes = body as byte[] ?? Encoding.UTF8.GetBytes((string)body);
        if (bytes.Length > 0)
            request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(call.Media) } };
        return await Town.As(call.By).SendAsync(request);
    }

    private static string? Example(JsonObject document, string path, HttpMethod method)
    {
        var operation = document["paths"]![path]![method.Method.ToLowerInvariant()]!;
        return operation["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"]?.GetValue<string>().Split('/')[^1] is { } schema
            ? document["components"]!["schemas"]![schema]!["examples"]?[0]?.ToJsonString()
            : null;
    }
}
