using System.Text;
using CommandCenter.Domain.Deadlines;

namespace CommandCenter.Host.Deadlines;

/// <summary>Reads the deadline policies from a folder of JSON files.</summary>
public static class PolicyFolder
{
    /// <summary>The policies that are delivered with the application.</summary>
    public static string Bundled => Path.Combine(AppContext.BaseDirectory, "Deadlines", "policies");

    /// <summary>What a log begins with: the policy of a version, and the calendar; and the other policies of the folder, for a log whose cases ran under them before policies stood in it.</summary>
    /// <param name="current">The version under which clocks start.</param>
    /// <param name="calendarFolder">With the years and the hours.</param>
    /// <exception cref="InvalidDataException">A file is broken, a version stands twice, or the current one is missing; the message names file and reason.</exception>
    public static (IReadOnlyList<PolicyEvent> Begun, IReadOnlyList<PolicyEvent> Others) Read(string folder, string current, string calendarFolder)
    {
        var policies = new Dictionary<string, DeadlinePolicy>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var (policy, errors) = DeadlinePolicyReader.Read(File.ReadAllText(path, Encoding.UTF8));
            if (policy is null)
                throw new InvalidDataException($"The deadline policy {path} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
            if (!policies.TryAdd(policy.Version, policy))
                throw new InvalidDataException($"The deadline policy {path} has the version {policy.Version} of another file.");
        }

        var calendar = CalendarFolder.Read(calendarFolder);
        return policies.Remove(current, out var chosen)
            ? ([new DeadlinePolicyAdopted(chosen), new WorkingCalendarAdopted(calendar.Days.Years, calendar.Hours)], [.. policies.Values.Select(policy => new DeadlinePolicyAdopted(policy))])
            : throw new InvalidDataException($"The folder {folder} has no deadline policy of version {current}.");
    }
}
