using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Host.Composition;

/// <summary>The organization's stream as far as people may change it themselves: who is absent. A command carries the person or the absence in its name, because who may give it depends on that.</summary>
public sealed class AbsenceKind(IOrganization organization, NoticePlan plan) : StreamKind<OrganizationHistory, AbsenceCommand, OrganizationEvent>
{
    public override string Category => OrganizationStream.Key.Category;

    public override Message Noun { get; } = new("请假登记", "absence");

    public override OrganizationHistory None => OrganizationHistory.None;

    /// <summary>The name of a command on one person or absence.</summary>
    public static string Of(string command, string which) => $"{command}/{which}";

    public override OrganizationHistory Apply(OrganizationHistory state, Fact<OrganizationEvent> fact) => state.Apply(fact.Event);

    public override bool Creates(string command) => false;

    public override bool May(Caller caller, string command, OrganizationHistory state)
    {
        var which = command[(command.IndexOf('/', StringComparison.Ordinal) + 1)..];
        // Of an absence that does not exist the decider says so.
        var person = command.StartsWith("record/", StringComparison.Ordinal) ? which : int.TryParse(which, out var number) && state.Absences.TryGetValue(number, out var absence) ? absence.Person : null;
        return person is null || organization.Now is var now && (now.FindPerson(person) is null || AbsenceAccess.May(caller, person, now));
    }

    public override Decision<OrganizationEvent> Decide(AbsenceCommand command, OrganizationHistory state, By by) => AbsenceDecider.Decide(command, state, by);

    public override Reaction<OrganizationEvent> React(string id, OrganizationHistory after, IReadOnlyList<OrganizationEvent> decided, DateTimeOffset at) =>
        new([], NoticeDesk.Of(decided, after.At(at), plan), []);

    public override By Engine(OrganizationHistory after) => new("system:absences", Role.System, after.Described!.District);
}
