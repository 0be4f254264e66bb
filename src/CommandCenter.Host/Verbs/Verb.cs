using CommandCenter.EventStore;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Verbs;

/// <summary>What a verb needs of its surroundings.</summary>
/// <param name="Options">The verb's own options by name, without their dashes; a flag has an empty value.</param>
/// <param name="Words">What it is to be done to, in order: as many as the verb takes.</param>
/// <param name="Settings">The arguments that are not the verb's: settings of the host.</param>
/// <param name="Output">The result, for a person or a program.</param>
/// <param name="Messages">Progress and complaints.</param>
public sealed record VerbContext(IReadOnlyDictionary<string, string> Options, IReadOnlyList<string> Words, string[] Settings, TimeProvider Clock, TextWriter Output, TextWriter Messages, CancellationToken Cancellation);

/// <summary>
/// A command of the program that is no server: <c>commandcenter VERB</c>. Results go to standard output, progress to standard error. Exit codes: 0 done, 1 the answer is no,
/// 2 it could not be done.
/// </summary>
/// <param name="Options">The names of its own options; one that ends in = takes a value.</param>
/// <param name="MostWords">How many arguments without a dash it takes at most; the verb itself says when there are too few.</param>
public sealed record Verb(string Name, string Usage, string What, IReadOnlyList<string> Options, Func<VerbContext, Task<int>> RunAsync, int MostWords = 0)
{
    /// <exception cref="StartRefusedException">There are fewer words than it takes.</exception>
    public void RequireWords(VerbContext context, int least)
    {
        if (context.Words.Count < least)
            throw new StartRefusedException($"Usage: commandcenter {Name} {Usage}");
    }
}

/// <summary>The verbs of the program.</summary>
public static class Verbs
{
    public static IReadOnlyList<Verb> All { get; } = [VerifyVerb.Verb, HeadVerb.Verb, RaiseEpochVerb.Verb, ImportVerb.Verb, ProjectionsVerb.Verb, RebuildVerb.Verb, ReplayVerb.Verb, AuditVerb.Verb, PolicyVerb.Verb, SimulateVerb.Verb];

    /// <summary>Null when the arguments name no verb: then the host is meant.</summary>
    /// <exception cref="StartRefusedException">Something that an operator has to mend.</exception>
    public static async Task<int?> RunAsync(string[] arguments, TimeProvider clock, TextWriter output, TextWriter messages, CancellationToken cancellation = default)
    {
        if (arguments is not [var name, .. var rest] || name.StartsWith('-'))
            return null;
        if (name == "help")
        {
            await output.WriteLineAsync(Usage());
            return 0;
        }

        if (All.FirstOrDefault(verb => verb.Name == name) is not { } verb)
        {
            await messages.WriteLineAsync($"There is no verb '{name}'.{Environment.NewLine}{Usage()}");
            return 2;
        }

        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        var words = new List<string>();
        var settings = new List<string>();
        for (var at = 0; at < rest.Length; at++)
        {
            var (key, inline) = rest[at].Split('=', 2) is [var before, var after] ? (before, after) : (rest[at], null);
            if (verb.Options.Contains(key))
                options[key.TrimStart('-')] = "";
            else if (!rest[at].StartsWith('-') && words.Count < verb.MostWords)
                words.Add(rest[at]);
            else if (!verb.Options.Contains(key + "="))
                settings.Add(rest[at]);
            else if ((inline ?? (at + 1 < rest.Length ? rest[++at] : null)) is { } value)
                options[key.TrimStart('-')] = value;
            else
                throw new StartRefusedException($"{key} takes a value. Usage: commandcenter {verb.Name} {verb.Usage}");
        }

        // Settings have a colon in their names; anything else was misspelt and must not be passed over.
        if (settings.FirstOrDefault(setting => !setting.StartsWith("--", StringComparison.Ordinal) || !setting.Contains(':', StringComparison.Ordinal)) is { } strange)
            throw new StartRefusedException($"'{strange}' is no option of {verb.Name}. Usage: commandcenter {verb.Name} {verb.Usage}");
        return await verb.RunAsync(new VerbContext(options, words, [.. settings], clock, output, messages, cancellation));
    }

    private static string Usage() => string.Join(Environment.NewLine,
        ["Usage: commandcenter [VERB]. Without a verb the command center starts.", .. All.Select(verb => $"  {verb.Name + " " + verb.Usage,-40} {verb.What}"), $"  {"help",-40} this list"]);
}
