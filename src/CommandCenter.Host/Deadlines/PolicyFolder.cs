using System.Text;
using CommandCenter.Domain.Deadlines;

namespace CommandCenter.Host.Deadlines;

/// <summary>Reads the deadline policies from a folder of JSON files.</summary>
public static class PolicyFolder
{
    /// <summary>The policies that are delivered with the application.</summary>
    public static string Bundled => Path.Combine(AppContext.BaseDirectory, "Deadlines", "policies");

    /// <param name="current">The version under which new clocks start.</param>
    /// <param name="calendar">By which working time is counted.</param>
    /// <exception cref="InvalidDataException">A policy is broken, a version stands twice, or the current one is missing; the message names file and reason.</exception>
    public static PolicyBook Read(string folder, string current, WorkCalendar calendar)
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

        return policies.Remove(current, out var chosen)
            ? new PolicyBook(chosen, policies.Values, calendar)
            : throw new InvalidDataException($"The folder {folder} has no deadline policy of version {current}.");
    }
}
