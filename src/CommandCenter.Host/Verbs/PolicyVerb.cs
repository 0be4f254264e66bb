using System.Globalization;
using System.Text;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Verbs;

/// <summary>
/// Looks at a deadline policy without a database. <c>check FILE</c> says what is wrong with it, line by line, or counts its limits by where they come from (exit code 1 when it is broken);
/// <c>schema</c> prints the published JSON schema.
/// </summary>
public static class PolicyVerb
{
    public static Verb Verb { get; } = new("policy", "check FILE | schema", "check a deadline policy and count its limits, or print its schema", [], RunAsync, MostWords: 2);

    private static async Task<int> RunAsync(VerbContext context)
    {
        Verb.RequireWords(context, 1);
        if (context.Words is ["schema"])
        {
            await context.Output.WriteAsync(DeadlinePolicySchema.Text());
            return 0;
        }

        Verb.RequireWords(context, 2);
        if (context.Words is not ["check", var path])
            throw new StartRefusedException($"Usage: commandcenter {Verb.Name} {Verb.Usage}");
        var (policy, errors) = DeadlinePolicyReader.Read(Text(path));
        foreach (var error in errors)
            await context.Output.WriteLineAsync($"{path}: {error}");
        if (policy is null)
        {
            await context.Output.WriteLineAsync($"{errors.Count} errors: the policy cannot be used.");
            return 1;
        }

        foreach (var line in PolicyCounts.Of(policy).Lines())
            await context.Output.WriteLineAsync(line);
        return 0;
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(e.Message, e);
        }
    }

    private static IEnumerable<string> Lines(this PolicyCounts counts)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"{counts.Version}: {counts.Rules} general rules, {counts.Matters.Values.Sum()} matters");
        foreach (var (sector, matters) in counts.Matters)
            yield return string.Create(CultureInfo.InvariantCulture, $"  {sector}: {matters} matters");
        foreach (var (basis, limits) in counts.Limits)
            yield return string.Create(CultureInfo.InvariantCulture, $"  {basis}: {limits} limits");
        yield return string.Create(CultureInfo.InvariantCulture, $"  without a mark: {counts.Unmarked} limits");
    }
}
