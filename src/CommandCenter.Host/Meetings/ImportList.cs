using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>Who raised a matter, to be called back. Sealed before it is stored.</summary>
public sealed record RaisedByRequest(string? Name = null, string? Phone = null);

/// <summary>A matter of a meeting.</summary>
/// <param name="Kind">Solved on the spot, or whose matter it is.</param>
/// <param name="Text">What it is about, at most 2,000 characters. Phone and identity numbers in it are sealed.</param>
/// <param name="Category">A code of the catalogue.</param>
/// <param name="Area">The grid or yard where it is; the meeting's own when left out.</param>
/// <param name="Outcome">Required for what was solved on the spot, and for nothing else: how.</param>
/// <param name="Photos">Uploaded before, <c>sha256:…</c>, at most 9; of what was solved on the spot the proof, and without any those of the minutes are.</param>
public sealed record ListLineRequest(
    LineKind Kind,
    string Text,
    string Category,
    AreaCode? Area = null,
    Urgency Urgency = Urgency.Normal,
    string? Outcome = null,
    IReadOnlyList<string>? Photos = null,
    RaisedByRequest? RaisedBy = null);

/// <summary>The list of a meeting (问题清单), at most 200 lines: all of it is taken or none.</summary>
[Example(
    """
    {"lines":[{"kind":"village","text":"电线网线像蜘蛛网，存在用电隐患","category":"fire-hazard"},{"kind":"district","text":"大道沿线房屋外观陈旧，希望统一改造","category":"illegal-building","area":"500153003001001","raisedBy":{"name":"群众","phone":"13900000000"}}]}
    """)]
public sealed record ImportListRequest(IReadOnlyList<ListLineRequest> Lines, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class ImportListEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/{id}/import-list", HandleAsync)
        .Import<ImportListRequest, ListAnswer>("importList", "Bring its list in, from a form (导入问题清单)", "application/json", "Meetings", ListImport.Options);

    private static Task<IResult> HandleAsync(HttpContext context, string id, ListImport import) =>
        import.HandleAsync<ImportListRequest>(context, id, ListSource.Form, request => [.. request.Lines.Select(Row)],
            (request, token) => RequestBody.ReadAsync<ImportListRequest>(request, ListImport.MaximumBytes, token));

    // The JSON reader lets a null through where a list holds records.
    private static ListRow Row(ListLineRequest? line, int index) => line is null
        ? throw Problems.Malformed("A line is missing.", $"lines[{index}]")
        : new ListRow(
            index + 1, Names.Of(line.Kind), Trimmed(line.Text), Trimmed(line.Category), line.Area?.Value ?? "", Names.Of(line.Urgency), Trimmed(line.Outcome), string.Join(' ', line.Photos ?? []),
            Trimmed(line.RaisedBy?.Name), Trimmed(line.RaisedBy?.Phone));

    private static string Trimmed(string? text) => text?.ReplaceLineEndings("\n").Trim() ?? "";
}
