using System.Globalization;

namespace CommandCenter.FaultNode;

/// <summary>Facts as lines of text, each written in one piece and ended by a semicolon: what a killed process wrote of its last line is known not to be whole.</summary>
public sealed class FactLines(TextWriter output) : IFacts
{
    private readonly Lock _gate = new();

    public void Asked(long number, string operation, int events) => Write($"asked {number} {events} {operation}");

    public void Told(long number, Told told, long lastPosition) => Write($"told {number} {told} {lastPosition}");

    public void Saw(long position, Guid id) => Write($"saw {position} {id}");

    public void Sets(string timer, string operation) => Write($"sets {timer} {operation}");

    public void Cancels(string timer, string operation) => Write($"cancels {timer} {operation}");

    /// <summary>Every client has done what it had to do.</summary>
    public void Done() => Write($"done");

    /// <summary>Takes a line; returns its first word, or null when it is not whole.</summary>
    /// <exception cref="FormatException">It is whole and no fact.</exception>
    public static string? Read(string line, IFacts into)
    {
        if (!line.EndsWith(';'))
            return null;
        var words = line[..^1].Split(' ', 4);
        switch (words)
        {
            case ["asked", var number, var events, var operation]:
                into.Asked(Number(number), operation, (int)Number(events));
                break;
            case ["told", var number, var told, var position]:
                into.Told(Number(number), Enum.Parse<Told>(told), Number(position));
                break;
            case ["saw", var position, var id]:
                into.Saw(Number(position), Guid.Parse(id));
                break;
            case ["sets", var timer, var operation]:
                into.Sets(timer, operation);
                break;
            case ["cancels", var timer, var operation]:
                into.Cancels(timer, operation);
                break;
            case ["done"]:
                break;
            default:
                throw new FormatException($"No fact: {line}");
        }

        return words[0];
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private void Write(FormattableString line)
    {
        var text = $"{FormattableString.Invariant(line)};\n";
        lock (_gate)
        {
            output.Write(text);
            output.Flush();
        }
    }
}
