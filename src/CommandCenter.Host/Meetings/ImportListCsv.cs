using System.Text;
using CommandCenter.Domain.Meetings;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Meetings;

/// <summary>A list as a spreadsheet wrote it.</summary>
internal sealed record CsvList(IReadOnlyList<ListRow> Rows) : ICommandRequest
{
    public DateTimeOffset? HappenedAt => null;
}

/// <summary><c>POST /api/meetings/{id}/import-csv</c>: the same list as <see cref="ImportListEndpoint"/> takes, as a file.</summary>
public static class ImportListCsvEndpoint
{
    /// <summary>The most that a file may hold.</summary>
    public const long MaximumBytes = 512 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/meetings/{id}/import-csv", HandleAsync)
        .Import<string, ListAnswer>("importListCsv", "Bring its list in, from a CSV file in UTF-8 (表格导入)", "text/csv", "Meetings", ListImport.Options);

    private static Task<IResult> HandleAsync(HttpContext context, string id, ListImport import) =>
        import.HandleAsync<CsvList>(context, id, ListSource.Csv, list => list.Rows, ReadAsync);

    private static async Task<(CsvList Body, ReadOnlyMemory<byte> Bytes)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals("text/csv", StringComparison.OrdinalIgnoreCase) != true)
            throw Problems.WrongMediaType("text/csv");
        var bytes = await RequestBody.BytesAsync(request, MaximumBytes, cancellation);
        string text;
        try
        {
            text = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw MeetingProblems.NotUtf8();
        }

        var (rows, errors) = MeetingListReader.ReadCsv(text);
        return errors.Count == 0 ? (new CsvList(rows), bytes) : throw MeetingProblems.ListRefused(errors);
    }
}
