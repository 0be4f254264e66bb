using CommandCenter.EventStore;

namespace CommandCenter.Host.Verbs;

/// <summary>Prints the log's head in one line, to be kept where nobody who can write the database can write.</summary>
public static class HeadVerb
{
    public static Verb Verb { get; } = new("head", "", "print the log's head, to keep it elsewhere", [], RunAsync);

    private static async Task<int> RunAsync(VerbContext context)
    {
        await using var database = await VerbDatabase.OpenAsync(context);
        await context.Output.WriteLineAsync((await new TreeReader(database.Source).HeadAsync(context.Cancellation)).ToString());
        return 0;
    }
}
