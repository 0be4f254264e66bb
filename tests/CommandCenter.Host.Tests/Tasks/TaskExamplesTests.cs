using System.Text.Json.Nodes;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Tasks;

/// <summary>The examples in the API's document, as the author of a client would try them.</summary>
public sealed class TaskExamplesTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private Town Town => fixture.Town;

    [Fact]
    public async Task Every_request_about_tasks_and_admission_lists_has_an_example_that_the_host_accepts()
    {
        var document = (await Town.As(null).GetAsync("/openapi/v1.json")).Object;
        var examples = document["paths"]!.AsObject()
            .Where(path => path.Value!["post"] is not null && (path.Key.StartsWith("/api/task", StringComparison.Ordinal) || path.Key.StartsWith("/api/admissions", StringComparison.Ordinal)))
            .ToDictionary(path => path.Key, path => Example(document, path.Value!["post"]!));
        examples.Count.ShouldBe(5 + 8 + 5);

        await Try("/api/admissions/{keeper}/request", Places.Town, People.Dispatcher);
        await Try("/api/admissions/{keeper}/approve", Places.Town, People.TownLeader);
        await Try("/api/admissions/{keeper}/end", Places.Town, People.TownLeader);
        await Try("/api/admissions/{keeper}/request", Places.Town, People.Dispatcher);
        await Try("/api/admissions/{keeper}/reject", Places.Town, People.TownLeader, body => body.Replace("\"number\":1", "\"number\":2"));

        var list = await Try("/api/task-lists", "", People.Dispatcher, status: 201);
        await Try("/api/task-lists/{id}/revise", list, People.Dispatcher);
        await Try("/api/task-lists/{id}/publish", list, People.Dispatcher);
        var task = $"{list}-1-{Places.Grid}";
        await Try("/api/tasks/{id}/claim", task, People.GridWorker);
        await Try("/api/tasks/{id}/release", task, People.GridWorker);
        await Try("/api/tasks/{id}/progress", task, People.GridWorker);
        await Try("/api/tasks/{id}/complete", task, People.GridWorker);
        await Try("/api/tasks/{id}/check", task, People.Dispatcher);
        var other = $"{list}-1-{Places.OtherGrid}";
        await Try("/api/tasks/{id}/return", other, People.GridWorkerElsewhere);
        await Try("/api/tasks/{id}/resend", other, People.Dispatcher);
        foreach (var left in (await Town.As(People.Dispatcher).GetAsync<Host.Tasks.TaskPage>($"/api/tasks?list={list}&open=true&minPosition={await Head()}")).Items)
            await Try("/api/tasks/{id}/cancel", left.Id, People.Dispatcher);
        await Try("/api/task-lists/{id}/close", list, People.Dispatcher);
        await Try("/api/task-lists/{id}/withdraw", await Try("/api/task-lists", "", People.Dispatcher, status: 201), People.Dispatcher);
        // Last, because it binds the town from then on.
        await Try("/api/admissions/{keeper}/adopt", Places.Town, People.Supervisor);

        async Task<string> Try(string path, string id, string by, Func<string, string>? change = null, int status = 200)
        {
            var answer = await Town.As(by).PostAsync(path.Replace("{id}", id).Replace("{keeper}", id), (change ?? (body => body))(examples[path]));
            answer.Status.ShouldBe(status, $"{path}: {answer.Text}");
            return answer.Receipt.Id;
        }

        async Task<string> Head() => $"1:{await Town.HeadAsync()}";
    }

    private static string Example(JsonObject document, JsonNode operation)
    {
        var reference = operation["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();
        return document["components"]!["schemas"]![reference.Split('/')[^1]]!["examples"].ShouldNotBeNull(reference)[0]!.ToJsonString();
    }
}
