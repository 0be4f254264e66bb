using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CommandCenter.Benchmarks;

/// <summary>One measured figure beside the reference that was measured in the same run.</summary>
/// <param name="Name">What was measured, and against what: <c>append/32 callers, beside COPY of the same rows</c>.</param>
/// <param name="Unit">Of <paramref name="Value"/> and <paramref name="Reference"/>: <c>commands/s</c>, <c>ms</c>.</param>
/// <param name="Reference">The reference's value in the same unit; null where there is nothing to compare with.</param>
/// <param name="Wanted">What the project asks of it, in words, for the printed table: <c>ratio ≥ 0.5</c>.</param>
/// <param name="Holds">Whether the value is as wanted; null where a person judges. A run with one that does not hold fails.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Reference = null, string? Wanted = null, bool? Holds = null)
{
    /// <summary>Value over reference.</summary>
    public double? Ratio => Reference is { } reference && reference != 0 ? Value / reference : null;

    /// <summary>The figures as a Markdown table.</summary>
    public static string Table(IEnumerable<Figure> figures)
    {
        var table = new StringBuilder("| figure | value | reference | ratio | wanted |\n|---|---|---|---|---|\n");
        foreach (var figure in figures)
            table.AppendLine(CultureInfo.InvariantCulture,
                $"| {figure.Name} | {Show(figure.Value)} {figure.Unit} | {(figure.Reference is { } reference ? $"{Show(reference)} {figure.Unit}" : "")} | {(figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "")} | {figure.Wanted}{figure.Holds switch { null => "", true => ": yes", false => ": **no**" }} |");
        return table.ToString();
    }

    /// <summary>A JSON list of <c>{name, value, unit, reference, ratio, holds}</c>.</summary>
    public static byte[] Json(IEnumerable<Figure> figures)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var figure in figures)
            {
                json.WriteStartObject();
                json.WriteString("name"u8, figure.Name);
                json.WriteNumber("value"u8, Math.Round(figure.Value, 3));
                json.WriteString("unit"u8, figure.Unit);
                Write(json, "reference", figure.Reference);
                Write(json, "ratio", figure.Ratio);
                if (figure.Holds is { } holds)
                    json.WriteBoolean("holds"u8, holds);
                else
                    json.WriteNull("holds"u8);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return output.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, Math.Round(number, 3));
        else
            json.WriteNull(name);
    }

    private static string Show(double value) => value.ToString(Math.Abs(value) >= 100 ? "N0" : "N2", CultureInfo.InvariantCulture);
}

/// <summary>How a run measures.</summary>
/// <param name="Major">The PostgreSQL to measure on.</param>
/// <param name="Asked">How long each measurement is to last; null leaves it to the benchmark.</param>
/// <param name="Rate">Commands a second, for a benchmark at a fixed rate.</param>
/// <param name="Share">The part of a district's volume, for one that fills a log with it.</param>
/// <param name="Days">Of how many days.</param>
internal sealed record BenchmarkOptions(int Major, TimeSpan? Asked, int Rate, double Share = 1, int Days = 365)
{
    /// <summary>How long each measurement lasts, where it is not a fixed amount of work.</summary>
    public TimeSpan For => Asked ?? TimeSpan.FromSeconds(5);
}

/// <summary>A benchmark by name; its figures come in the order in which they are printed.</summary>
internal sealed record Benchmark(string Name, string What, Func<BenchmarkOptions, Task<IReadOnlyList<Figure>>> RunAsync);
