using System.Globalization;

namespace CommandCenter.FaultNode;

/// <summary>
/// A node in a process of its own, to be killed: its clients ask, its follower, projection and timer worker work, and every fact is a line of output. When its clients are done it works on until
/// its input ends; when its input ends before, whoever started it is gone and so it goes too.
/// </summary>
public static class FaultNodeProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not [var connectionString, var group, var seedText, var toText, var seenText, var nextText])
        {
            await Console.Error.WriteLineAsync("Usage: CommandCenter.FaultNode <connection string> <group> <seed> <operations each> <position seen> <next operation of each client, with commas>");
            return 64;
        }

        var next = nextText.Split(',').Select(Number).ToList();
        var plan = new ClientPlan(group, Number(seedText), next.Count);
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        var lines = new FactLines(output);
        var ended = Task.Run(() => Console.In.ReadToEndAsync());
        var node = new TownNode(connectionString, lines, Number(seenText));
        var clients = Task.WhenAll(next.Select((from, client) => Task.Run(() => new Client(plan, client, () => node).RunAsync(from, Number(toText)))));
        if (await Task.WhenAny(clients, ended) == ended)
            return 1;
        await clients;
        lines.Done();
        await ended;
        await node.StopAsync();
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
