using CommandCenter.Domain.Organization;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Demo;
using CommandCenter.Host.Files;
using CommandCenter.Host.Tests.Towns;

namespace CommandCenter.Host.Tests.Demo;

/// <summary>The stories of the demonstration, told by everybody in their own name.</summary>
internal static class OverHttp
{
    /// <summary>Plays a story over HTTP; every deadline on the way fires at its own instant.</summary>
    /// <param name="after">Looks around after each step, with the read side caught up.</param>
    public static async Task<string> PlayAsync(Town town, Scenario scenario, Func<ScenarioStep, string, Task> after)
    {
        var id = "";
        foreach (var step in scenario.Steps)
        {
            await town.PassAsync(step.At - town.Clock.GetUtcNow());
            var body = await BodyAsync(town, step);
            var answer = await town.As(step.Actor).PostAsync(step.Command == "report" ? "/api/cases" : $"/api/cases/{id}/{step.Command}", body);
            answer.Status.ShouldBe(step.Command == "report" ? 201 : 200, $"{step.Command} at {step.At}: {answer.Text}");
            id = answer.Receipt.Id;
            await town.CaughtUpAsync();
            await after(step, id);
        }

        return id;
    }

    private static async Task<object> BodyAsync(Town town, ScenarioStep step)
    {
        List<string> photos = [];
        foreach (var name in step.Photos ?? [])
        {
            var content = await File.ReadAllBytesAsync(Path.Combine(ScenarioFolder.Bundled, name));
            photos.Add((await town.As(step.Actor).PostAsync("/api/photos", content, mediaType: "image/png")).Ok<PhotoReceipt>().Photo);
        }

        return step.Command switch
        {
            "report" when step.Spot is not null => new ReportCaseRequest(Spot: step.Spot),
            "report" => new ReportCaseRequest(step.Text!, step.Category!, step.Urgency!.Value, step.Area, Source: step.Source, Reference: step.Reference),
            "pass-up" => new PassCaseUpRequest(step.Text!, step.Level!.Value, step.Households, step.CostFen),
            "send-to-village" => new SendCaseToVillageRequest(step.Text),
            "settle" => new SettleCaseRequest(step.Text!, photos),
            "file" => new FileCaseRequest(step.Category!, step.Urgency!.Value, step.Text, step.Level),
            "request-transfer" => new RequestCaseTransferRequest(step.Area!.Value, step.Text!),
            "accept-transfer" => new AcceptCaseTransferRequest(step.Area!.Value),
            "decline-transfer" => new DeclineCaseTransferRequest(step.Text!),
            "transfer" => new TransferCaseRequest(step.Area!.Value, step.Text!),
            "dispatch" => new DispatchCaseRequest(Unit.OfPost(step.Post!), step.Person, step.Text),
            "claim" => new ClaimCaseRequest(),
            "return" => new ReturnCaseRequest(step.Text!),
            "raise-level" => new RaiseCaseLevelRequest(step.Level!.Value, step.Text!),
            "take-on" => new TakeOnCaseRequest(),
            "progress" => new ProgressCaseRequest(step.Text!, After: photos),
            "plan" => new PlanCaseRequest(step.Text!, step.Until),
            "record-funding" => new RecordFundingRequest(step.CostFen!.Value, step.Text!),
            "complete" => new CompleteCaseRequest(step.Text!, photos),
            "verify" => new VerifyCaseRequest(true, step.Text),
            "rate" => new RateCaseRequest(step.Satisfaction!.Value, step.Result!.Value, step.Text),
            "close" => new CloseCaseRequest(step.Text),
            _ => throw new InvalidOperationException($"{step.Command} is not told over HTTP."),
        };
    }
}
