using System.Text;
using CommandCenter.Domain.Deadlines;

namespace CommandCenter.Host.Deadlines;

/// <summary>Reads the working calendar from a folder: <c>2026.json</c> and so on for the years, <c>hours.json</c> for the hours of the towns.</summary>
public static class CalendarFolder
{
    /// <summary>The calendar that is delivered with the application.</summary>
    public static string Bundled => Path.Combine(AppContext.BaseDirectory, "Deadlines", "calendar");

    /// <exception cref="InvalidDataException">A file is broken, a year stands twice, or the hours are missing; the message names file and reason.</exception>
    public static WorkCalendar Read(string folder)
    {
        HoursPlan? hours = null;
        var years = new List<CalendarYear>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var json = File.ReadAllText(path, Encoding.UTF8);
            if (Path.GetFileName(path) == "hours.json")
            {
                var (read, errors) = CalendarReader.ReadHours(json);
                hours = read ?? throw Broken(path, errors);
            }
            else
            {
                var (year, errors) = CalendarReader.ReadYear(json);
                years.Add(year ?? throw Broken(path, errors));
                if (years.Count(other => other.Year == year.Year) > 1)
                    throw new InvalidDataException($"The calendar {path} is of the year {year.Year}, as another file is.");
            }
        }

        return hours is null
            ? throw new InvalidDataException($"The folder {folder} has no hours.json with the working hours of the towns.")
            : new WorkCalendar(new DayCalendar(years), hours);
    }

    private static InvalidDataException Broken(string path, IReadOnlyList<string> errors) =>
        new($"The calendar {path} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
}
