using System.Text;
using CommandCenter.Domain.Meetings;

namespace CommandCenter.Host.Meetings;

/// <summary>Reads the meeting policies from a folder of JSON files.</summary>
public static class MeetingPolicyFolder
{
    /// <param name="current">The version that holds today.</param>
    /// <exception cref="InvalidDataException">A policy is broken, a version stands twice, or the current one is missing; the message names file and reason.</exception>
    public static MeetingPolicyBook Read(string folder, string current)
    {
        var policies = new Dictionary<string, MeetingPolicy>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var (policy, errors) = MeetingPolicyReader.Read(File.ReadAllText(path, Encoding.UTF8));
            if (policy is null)
                throw new InvalidDataException($"The meeting policy {path} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
            if (!policies.TryAdd(policy.Version, policy))
                throw new InvalidDataException($"The meeting policy {path} has the version {policy.Version} of another file.");
        }

        return policies.Remove(current, out var chosen)
            ? new MeetingPolicyBook(chosen, policies.Values)
            : throw new InvalidDataException($"The folder {folder} has no meeting policy of version {current}.");
    }
}
