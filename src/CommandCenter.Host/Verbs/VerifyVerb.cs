using System.Globalization;
using System.Text.Json;
using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Verbs;

/// <summary>Walks the whole log and says whether everything fits, or what is the first thing that does not. Exit code 0 sound, 1 unsound, 2 not checked.</summary>
public static class VerifyVerb
{
    public static Verb Verb { get; } = new("verify", "[--head FILE] [--json]", "check every event against its leaf, the tree and heads kept earlier", ["--head=", "--json"], RunAsync);

    private static async Task<int> RunAsync(VerbContext context)
    {
        var heads = context.Options.TryGetValue("head", out var file) ? ReadHeads(file) : [];
        await using var database = await VerbDatabase.OpenAsync(context);
        var started = context.Clock.GetTimestamp();
        var said = started;
        var progress = new Said<VerifyProgress>(report =>
        {
            if (context.Clock.GetElapsedTime(said) < TimeSpan.FromSeconds(1) && report.Checked < report.Total)
                return;
            said = context.Clock.GetTimestamp();
            var perSecond = report.Checked / Math.Max(0.001, context.Clock.GetElapsedTime(started).TotalSeconds);
            context.Messages.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{report.Checked:N0} of {report.Total:N0} events, {perSecond:N0} a second, {(report.Total - report.Checked) / Math.Max(1, perSecond):N0} s to go"));
        });

        var report = await new LogVerifier(database.Source).VerifyAsync(heads, progress, context.Cancellation);
        if (context.Options.ContainsKey("json"))
            await context.Output.WriteLineAsync(Json(report, heads.Count));
        else if (report.First is { } finding)
            await context.Output.WriteLineAsync($"The log does not fit at position {finding.Position} ({finding.Code}): {finding.Words}");
        else
            await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"The log fits: {report.Checked:N0} events{(heads.Count > 0 ? $", {heads.Count} earlier heads" : "")}. Its head: {report.Head}"));
        return report.First is null ? 0 : 1;
    }

    private static List<TreeHead> ReadHeads(string file)
    {
        try
        {
            var lines = File.ReadAllLines(file).Where(line => line.Trim().Length > 0).ToList();
            if (lines.Count == 0)
                throw new StartRefusedException($"{file} holds no head.");
            return [.. lines.Select((line, n) => TreeHead.TryParse(line.Trim(), out var head) ? head : throw new StartRefusedException($"Line {n + 1} of {file} is no head such as 'commandcenter head' prints."))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(e.Message, e);
        }
    }

    private static string Json(VerifyReport report, int heads)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteBoolean("sound"u8, report.First is null);
            json.WriteNumber("checked"u8, report.Checked);
            json.WriteString("position"u8, report.Head.Last.ToString());
            json.WriteString("root"u8, Convert.ToHexStringLower(report.Head.Root.Span));
            json.WriteNumber("earlierHeads"u8, heads);
            if (report.First is { } finding)
            {
                json.WriteStartObject("finding"u8);
                json.WriteString("code"u8, finding.Code);
                json.WriteNumber("position"u8, finding.Position);
                json.WriteNumber("to"u8, finding.To);
                json.WriteString("words"u8, finding.Words);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }
}
