using CommandCenter.Domain;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Composition;

/// <summary>For whom somebody acted who stood in (ADR 0017).</summary>
internal static class StandIns
{
    /// <summary>The absent person, under their id where the organization has forgotten them; null where the actor spoke from a seat of their own.</summary>
    /// <param name="named">A person by their id, under the name of the time that is asked about.</param>
    public static PersonName? Of(By by, Func<string, PersonName?> named) => by.For is { } absent ? named(absent) ?? new PersonName(absent, absent, absent) : null;
}
