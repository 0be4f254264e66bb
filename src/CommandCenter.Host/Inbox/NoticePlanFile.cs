using System.Text;
using CommandCenter.Domain.Inbox;

namespace CommandCenter.Host.Inbox;

/// <summary>Reads the notice plan from its file.</summary>
public static class NoticePlanFile
{
    /// <exception cref="InvalidDataException">The plan is broken; the message names file, line and reason.</exception>
    public static NoticePlan Read(string path)
    {
        var (plan, errors) = NoticePlanReader.Read(File.ReadAllText(path, Encoding.UTF8));
        return plan ?? throw new InvalidDataException($"The notice plan {path} cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
    }
}
