using System.Text;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Duty;

/// <summary>A roster as a spreadsheet wrote it.</summary>
internal sealed record DutyFile(string Text) : ICommandRequest
{
    public DateTimeOffset? HappenedAt => null;
}

/// <summary><c>POST /api/duty/{place}/import</c>: shifts as <see cref="PlanDutyEndpoint"/> takes them, as a file (表格导入): person, from, to, role, or in Chinese 人员, 上班, 下班, 值班角色.</summary>
public static class ImportDutyEndpoint
{
    /// <summary>The most that a file may hold.</summary>
    public const long MaximumBytes = 512 * 1024;

    private static readonly QueryOption[] Options =
    [
        new("replace", "true: what was planned for the same time and has not begun is dropped", typeof(bool)),
        new("gaps", "true: times for which nobody is planned are meant so", typeof(bool)),
    ];

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/duty/{place}/import", HandleAsync)
        .Import<string, CommandReceipt>("importDuty", "Plan the shifts of a CSV file in UTF-8 or GB 18030 (表格导入)", "text/csv", "Duty", Options);

    private static Task<IResult> HandleAsync(HttpContext context, string place, DutyEndpoint endpoint)
    {
        var (replace, gaps) = (QueryStrings.Flag(context.Request.Query, "replace") == true, QueryStrings.Flag(context.Request.Query, "gaps") == true);
        return endpoint.HandleAsync<DutyFile>(
            context,
            place,
            "plan",
            (file, _, at, _) => Task.FromResult<DutyCommand>(new Domain.Duty.PlanDuty(DutyEndpoint.Checked(DutyListReader.ReadCsv(file.Text, AreaCode.Parse(place), endpoint.Organization)), replace, gaps, at)),
            ReadAsync);

        // What is asked for beside the file is part of the request, so that its repeat is the same only with the same of it.
        async Task<(DutyFile Body, ReadOnlyMemory<byte> Bytes)> ReadAsync(HttpRequest request, CancellationToken cancellation)
        {
            if (request.ContentType?.Split(';')[0].Trim().Equals("text/csv", StringComparison.OrdinalIgnoreCase) != true)
                throw Problems.WrongMediaType("text/csv");
            var bytes = await RequestBody.BytesAsync(request, MaximumBytes, cancellation);
            var (text, _) = TextEncodings.Read(bytes) ?? throw new ProblemException(
                422, "duty.list_not_text", new("文件不是 UTF-8 或 GB 18030（GBK）编码的文本，请另存为 CSV 再导入。", "The file is text neither in UTF-8 nor in GB 18030 (GBK); save it as CSV and import it again."), "shifts");
            return (new DutyFile(text), (byte[])[.. Encoding.ASCII.GetBytes($"{replace} {gaps}\n"), .. bytes]);
        }
    }
}
