using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;

namespace CommandCenter.Host.Composition;

/// <summary>
/// The names of people in the organization's stream: sealed under the key of each person before they are appended, opened when they are read (ADR 0018). Ids are in the clear, and decisions ask for
/// nothing else; whoever's key is erased goes by the id.
/// </summary>
public sealed class OrganizationNames(Sealer sealer)
{
    // A key is a file, and a district has thousands of people.
    private const int AtOnce = 16;

    /// <summary>Of the key under which a person's names are sealed.</summary>
    public static string SubjectOf(string person) => $"person:{person}";

    public Task<OrganizationEvent> SealAsync(OrganizationEvent e, CancellationToken cancellation) => EachAsync(
        e,
        async (person, text, field) => await sealer.SealAsync(SubjectOf(person), OrganizationStream.Key, field, text, cancellation),
        cancellation);

    public Task<OrganizationEvent> OpenAsync(OrganizationEvent e, CancellationToken cancellation) => EachAsync(
        e,
        async (person, text, field) => !Sealer.IsSealed(text) ? text : await sealer.OpenAsync(text, OrganizationStream.Key, field, cancellation) is OpenResult.Opened opened ? opened.Text : person,
        cancellation);

    private static async Task<OrganizationEvent> EachAsync(OrganizationEvent e, Func<string, string, string, Task<string>> of, CancellationToken cancellation)
    {
        if (e is not PeopleChanged changed)
            return e;
        var people = new PersonName[changed.Set.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, people.Length), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, _) =>
        {
            var (id, name, nameEn) = changed.Set[i];
            people[i] = new PersonName(id, await of(id, name, $"people.{id}.name"), await of(id, nameEn, $"people.{id}.nameEn"));
        });
        return changed with { Set = people };
    }
}
