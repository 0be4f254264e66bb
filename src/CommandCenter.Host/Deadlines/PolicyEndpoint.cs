using System.Globalization;
using System.Text;
using CommandCenter.Domain;
using CommandCenter.Domain.Deadlines;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CommandCenter.Host.Deadlines;

/// <summary>What an import would do, or has done.</summary>
/// <param name="Id">The policy's stream: <c>district</c>.</param>
/// <param name="Version">The revision: as it is, or after the import.</param>
/// <param name="Position">Missing for a preview.</param>
/// <param name="Preview">For <c>dryRun=true</c>: in what the policy would differ from the one that would count else, nothing where it is the same. Nothing was taken.</param>
/// <param name="Years">For <c>dryRun=true</c>: the years of the calendar that would change.</param>
/// <param name="Planned">Of a change: the versions planned for later, in which it does not stand.</param>
public sealed record PolicyAnswer(
    string Id, long Version, string? Position = null, IReadOnlyList<PolicyChange>? Preview = null, IReadOnlyList<int>? Years = null, IReadOnlyList<PlannedPolicy>? Planned = null);

/// <summary>A version that is planned.</summary>
/// <param name="From">From when on it counts.</param>
public sealed record PlannedPolicy(string Version, DateTimeOffset From);

/// <summary>A file that was read.</summary>
internal sealed record ReadFile<T>(T Value) : ICommandRequest
{
    public DateTimeOffset? HappenedAt => null;
}

/// <summary><see cref="CommandEndpoint"/> for the policy's stream, with previews that go the same way up to the append.</summary>
public sealed class PolicyEndpoint(CommandEndpoint endpoint, PolicyKind kind, StreamCommands commands, IPolicies policies, TimeProvider clock)
{
    /// <summary>The most that a file may hold.</summary>
    public const long MaximumBytes = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <param name="build">Makes the command from the request and the instant at which the host received it.</param>
    /// <param name="changesFrom">Of a change of the policy that counts: from when on; null: at once.</param>
    public async Task<IResult> HandleAsync<TRequest>(
        HttpContext context, string command, Func<TRequest, DateTimeOffset, PolicyCommand> build, Func<HttpRequest, CancellationToken, Task<(TRequest Body, ReadOnlyMemory<byte> Bytes)>>? read = null,
        Func<TRequest, DateTimeOffset?>? changesFrom = null)
        where TRequest : ICommandRequest
    {
        if (QueryStrings.Flag(context.Request.Query, "dryRun") == true)
            return await PreviewAsync(context, command, build, read ?? RequestBody.ReadAsync<TRequest>, changesFrom);
        TRequest? asked = default;
        var result = await endpoint.HandleAsync<TRequest, PolicyHistory, PolicyCommand, PolicyEvent>(
            context, kind, PolicyStream.Key.Id, command, "/api/policy/", (request, _, now, _) => Task.FromResult(build(request, now)),
            (request, work) =>
            {
                asked = request;
                return work;
            },
            read);
        // Afterwards: what was decided rests on every version that was planned by then.
        return asked is not null && Planned(asked, changesFrom) is { } planned && result is Ok<CommandReceipt> { Value: { } receipt } ? TypedResults.Ok(new PolicyAnswer(receipt.Id, receipt.Version, receipt.Position, Planned: planned)) : result;
    }

    private List<PlannedPolicy>? Planned<TRequest>(TRequest request, Func<TRequest, DateTimeOffset?>? changesFrom) =>
        changesFrom is null ? null : [.. policies.History.PlannedAfter(changesFrom(request) ?? clock.GetUtcNow()).Select(version => new PlannedPolicy(version.Policy.Version, version.From))];

    private async Task<IResult> PreviewAsync<TRequest>(
        HttpContext context, string command, Func<TRequest, DateTimeOffset, PolicyCommand> build, Func<HttpRequest, CancellationToken, Task<(TRequest Body, ReadOnlyMemory<byte> Bytes)>> read,
        Func<TRequest, DateTimeOffset?>? changesFrom)
    {
        var callers = Callers.From(context.Request, endpoint.Organization);
        var (request, _) = await read(context.Request, context.RequestAborted);
        var now = clock.GetUtcNow();
        IReadOnlyList<PolicyEvent> decided = [];
        var work = new StreamWork<PolicyHistory, PolicyCommand, PolicyEvent>(PolicyStream.Key.Id, command, (_, _) => Task.FromResult(build(request, now)), callers, now, now)
        {
            Beside = (_, events, _, _) =>
            {
                decided = events;
                return Task.FromResult<IReadOnlyList<Preparation>>([]);
            },
        };
        return await commands.PrepareAsync(kind, work, context.RequestAborted) switch
        {
            Preparation.Ended { Outcome: Outcome.Refused refused } => throw Problems.Of(refused.Refusal, refused.Version),
            Preparation.Ended { Outcome: not Outcome.Unchanged } => throw Problems.NotAllowed(),
            _ => TypedResults.Ok(new PolicyAnswer(
                PolicyStream.Key.Id, policies.Version, null,
                [.. decided.OfType<DeadlinePolicyAdopted>().SelectMany(adopted => PolicyDifference.Of(Changed(adopted, now), adopted.Policy))],
                decided.OfType<WorkingCalendarAdopted>().FirstOrDefault() is { } calendar ? [.. calendar.Years.Select(year => year.Year)] : null, Planned(request, changesFrom))),
        };
    }

    // It is shown beside the version that it takes the place of, which for a later day is the one planned for then.
    private DeadlinePolicy Changed(DeadlinePolicyAdopted adopted, DateTimeOffset now) => policies.History.VersionAt(adopted.From ?? now).Policy;

    /// <summary>Reads a file of JSON whole, with what is wrong with it line by line.</summary>
    /// <param name="also">What is asked for beside the file: part of the request, so that its repeat is the same only with the same of it.</param>
    internal static async Task<(ReadFile<T> Body, ReadOnlyMemory<byte> Bytes)> ReadAsync<T>(
        HttpRequest request, string also, Func<string, (T? Value, IReadOnlyList<string> Errors)> reader, CancellationToken cancellation)
        where T : class
    {
        if (!request.HasJsonContentType())
            throw Problems.WrongMediaType("application/json");
        var bytes = await RequestBody.BytesAsync(request, MaximumBytes, cancellation);
        string text;
        try
        {
            text = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Problems.Malformed("The body is not UTF-8.");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
            throw Problems.ForbiddenCharacter(null);
        var (value, errors) = reader(text);
        return value is not null ? (new ReadFile<T>(value), (byte[])[.. Encoding.UTF8.GetBytes(also + "\n"), .. bytes]) : throw Refused(errors);
    }

    private static ProblemException Refused(IReadOnlyList<string> errors) =>
        new(422, "policy.file_refused", new($"文件有 {errors.Count} 处错误，没有导入；请按所列各行更正。", $"The file has {errors.Count} mistakes, and nothing was imported; correct the lines that are listed."))
        {
            Lines = [.. errors.Take(100).Select((error, index) => new RefusalLine(LineOf(error) ?? string.Create(CultureInfo.InvariantCulture, $"errors/{index + 1}"), "policy.file_refused", new(error, error)))],
        };

    private static string? LineOf(string error) => error.StartsWith("line ", StringComparison.Ordinal) && error.IndexOf(':', StringComparison.Ordinal) is > 5 and var end ? $"lines/{error[5..end]}" : null;
}
