using System.Security.Cryptography;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Simulation;

/// <summary>Carries steps out by the one way to a case: the same access, decision, saga and transaction as over HTTP. Thread-safe.</summary>
public sealed class SimulationDriver(CaseStreams streams, PersonalText personal, FileShelf shelf, IOrganization live, TimeProvider clock) : IDisposable
{
    /// <summary>A picture of one dot: that something was photographed is what matters here.</summary>
    public static ReadOnlySpan<byte> Picture => Dot;

    private static readonly byte[] Dot = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly SemaphoreSlim _once = new(1, 1);
    private string? _photo;

    /// <summary>The seats that somebody may speak from.</summary>
    public IReadOnlyList<Caller> CallersOf(string actor)
    {
        var now = live.Now;
        return actor == SimulationScript.Resident
            ? [new Caller(Callers.Resident, new RoleAt(Role.Resident, now.District))]
            : [.. now.SeatsOf(now.FindPerson(actor)!).Select(seat => new Caller(actor, seat))];
    }

    /// <returns>Null when it was done, else why not.</returns>
    public async Task<Outcome?> CarryOutAsync(SimulatedStep step, string id, CancellationToken cancellation)
    {
        var photo = step.Photo ? await PhotoAsync(cancellation) : null;
        var work = new CaseWork(id, step.Command, (loaded, token) => BuildAsync(step, loaded, photo, token), CallersOf(step.Actor), step.At, step.At);
        if (step.Command == "merge")
            work = work with { Beside = (loaded, _, _, token) => AbsorbAsync(step, loaded, id, work, token) };
        return await streams.ExecuteAsync(work, cancellation) is var outcome and not (Outcome.Done or Outcome.Unchanged) ? outcome : null;
    }

    /// <summary>The hash of the picture that goes with what needs one.</summary>
    public async Task<string> PhotoAsync(CancellationToken cancellation)
    {
        if (_photo is { } known)
            return known;
        await _once.WaitAsync(cancellation);
        try
        {
            if (_photo is null)
            {
                var hash = SealedFiles.HashOf(SHA256.HashData(Dot));
                using var content = new MemoryStream(Dot);
                await shelf.PutAsync(hash, FileType.Png.MediaType, content, "system:simulation", clock.GetUtcNow(), cancellation: cancellation);
                _photo = hash;
            }

            return _photo;
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    // The main case may have ended since: then nothing of it happens.
    private async Task<IReadOnlyList<Preparation>> AbsorbAsync(SimulatedStep step, LoadedCase loaded, string id, CaseWork work, CancellationToken cancellation)
    {
        var reporter = ((Case.Known)loaded.State).File.ReportedBy;
        CaseCommand absorb = new AbsorbCase(id, reporter.Actor, reporter.Role);
        return [await streams.PrepareAsync(new CaseWork(step.Other!, absorb.Name, (_, _) => Task.FromResult(absorb), work.Callers, work.At, work.HappenedAt), cancellation)];
    }

    private async Task<CaseCommand> BuildAsync(SimulatedStep step, LoadedCase loaded, string? photo, CancellationToken cancellation)
    {
        Task<Domain.Cases.MarkedText> Text(string field) => personal.SealTextAsync(loaded.Stream, field, step.Text, cancellation);
        IReadOnlyList<string> photos = photo is null ? [] : [photo];
        var now = live.Now;
        return step.Command switch
        {
            "report" => new ReportCase(new CaseReported(step.Source!.Value, await Text("text"), step.Area!.Value, step.Category!, step.Urgency!.Value, photos)),
            "acknowledge-alarm" => new AcknowledgeAlarm(((Case.Known)loaded.State).File.Town),
            "send-to-village" => new SendCaseToVillage(await Text("note")),
            "pass-up" => new PassCaseUp(await Text("assessment"), step.Level!.Value, step.Amount, null),
            "settle" => new SettleCase(await Text("outcome"), photos),
            "check" => new OrderCaseCheck(null, await Text("note")),
            "report-check" => new ReportCaseCheck(CheckFinding.Confirmed, await Text("note"), photos),
            "refuse" => new RefuseCase(step.Refusal!.Value, await Text("note")),
            "redirect" => new RedirectCase(EmergencyService.Police, await Text("note")),
            "merge" => new MergeCase(step.Other!, await Text("note")),
            "file" => new FileCase(step.Category!, now.FindCategory(step.Category!)!.Sector, step.Urgency!.Value, await Text("note"), step.Level!.Value),
            "dispatch" => new DispatchCase(now.FindPost(((Case.Known)loaded.State).File.Town, step.Unit!.Value.Code)!.Sector, step.Unit.Value, await Text("instructions")),
            "claim" => new ClaimCase(),
            "return" => new ReturnCase(await Text("reason")),
            "progress" => new ProgressCase(await Text("note"), [], photos),
            "ask-extension" => new AskExtension(step.Amount!.Value, await Text("reason"), step.At),
            "approve-extension" => new ApproveExtension(await Text("note"), step.At),
            "ask-suspension" => new AskSuspension(step.Reason!.Value, step.Until!.Value, await Text("reason"), step.At),
            "approve-suspension" => new ApproveSuspension(await Text("note"), step.At),
            "resume" => new ResumeCase(await Text("note")),
            "urge" => new UrgeCase(await Text("note"), step.At),
            "supervise" => new SuperviseCase(await Text("note")),
            "answer-supervision" => new AnswerSupervision(await Text("answer")),
            "complete" => new CompleteCase(await Text("outcome"), photos, step.Photo),
            "verify" => new VerifyCase(step.Yes, await Text(step.Yes ? "note" : "reason"), photos),
            "rate" => new RateCase(step.Satisfaction!.Value, step.Result!.Value, await Text("comment"), step.At),
            "close" => new CloseCase(await Text("summary")),
            "reopen" => new ReopenCase(await Text("reason"), step.At),
            "appeal-lateness" => new AppealLateness(await Text("reason")),
            "review-appeal" => new ReviewAppeal(step.Yes, await Text("reason")),
            _ => throw new InvalidDataException($"The simulation cannot '{step.Command}'."),
        };
    }
}
