using CommandCenter.Domain.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>Giving what belongs to 110, 119, 120 or 122 to them, and recording it (S4-13).</summary>
[Example("""{"service":"fire","note":"已电话转 119,对方已受理"}""")]
public sealed record RedirectCaseRequest(EmergencyService Service, string Note, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RedirectCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/cases/{id}/redirect", HandleAsync)
        .Command<RedirectCaseRequest>("redirectCase", "Give it to the emergency services (转110/119/120/122)");

    private static Task<IResult> HandleAsync(HttpContext context, string id, CaseCommandEndpoint endpoint) =>
        endpoint.HandleAsync<RedirectCaseRequest>(context, id, "redirect", async (request, loaded, token) =>
        {
            var note = await endpoint.Personal.SealTextAsync(loaded.Stream, "note", Texts.Required(request.Note, "note", Texts.Note), token);
            return new Domain.Cases.RedirectCase(request.Service, note);
        });
}
