using CommandCenter.Domain.Meetings;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>A list as a spreadsheet wrote it.</summary>
/// <param name="Encoding">In which it made sense.</param>
internal sealed record CsvList(IReadOnlyList<ListRow> Rows, string Encoding) : ICommandRequest
{
    public DateTimeOffset? HappenedAt => null;
}

/// <summary><c>POST /api/meetings/{id}/import-csv</c>: the same list as <see cref="ImportListEndpoint"/> takes, as a file.</summary>
public static class ImportListCsvEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/{id}/import-csv", HandleAsync)
        .Import<string, ListAnswer>("importListCsv", "Bring its list in, from a CSV file in UTF-8 or GB 18030 (表格导入)", "text/csv", "Meetings", ListImport.Options);

    private static Task<IResult> HandleAsync(HttpContext context, string id, ListImport import) =>
        import.HandleAsync<CsvList>(context, id, ListSource.Csv, list => list.Rows, ReadAsync, list => list.Encoding);

    private static async Task<(CsvList Body, ReadOnlyMemory<byte> Bytes)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals("text/csv", StringComparison.OrdinalIgnoreCase) != true)
            throw Problems.WrongMediaType("text/csv");
        var bytes = await RequestBody.BytesAsync(request, ListImport.MaximumBytes, cancellation);
        var (text, encoding) = TextEncodings.Read(bytes) ?? throw MeetingProblems.NotText();
        var (rows, errors) = MeetingListReader.ReadCsv(text);
        return errors.Count == 0 ? (new CsvList(rows, encoding), bytes) : throw MeetingProblems.ListRefused(errors);
    }
}
