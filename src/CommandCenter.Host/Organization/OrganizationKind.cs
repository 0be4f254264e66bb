using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Organization;

/// <summary>The district's organization, as the executor of commands knows it. Its state has people's names sealed.</summary>
public sealed class OrganizationKind : StreamKind<OrganizationHistory, OrganizationCommand, OrganizationEvent>
{
    public override string Category => OrganizationStream.Key.Category;

    public override Message Noun { get; } = new("组织", "organization");

    public override OrganizationHistory None => OrganizationHistory.None;

    public override OrganizationHistory Apply(OrganizationHistory state, Fact<OrganizationEvent> fact) => state.Apply(fact.Event);

    public override bool Creates(string command) => false;

    public override bool May(Caller caller, string command, OrganizationHistory state) => OrganizationAccess.May(caller);

    public override Decision<OrganizationEvent> Decide(OrganizationCommand command, OrganizationHistory state, By by) => OrganizationDecider.Decide(command, state, by);

    public override By Engine(OrganizationHistory after) => new("system:organization", Role.System, after.Described!.District);
}
