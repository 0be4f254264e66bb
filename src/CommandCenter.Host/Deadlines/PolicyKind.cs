using CommandCenter.Domain;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Deadlines;

/// <summary>The district's deadline policy and working calendar, as the executor of commands knows them.</summary>
public sealed class PolicyKind(IOrganization organization) : StreamKind<PolicyHistory, PolicyCommand, PolicyEvent>
{
    public override string Category => PolicyStream.Key.Category;

    public override Message Noun { get; } = new("时限规则", "deadline policy");

    public override PolicyHistory None => PolicyHistory.None;

    public override bool IsImplicit => true;

    public override PolicyHistory Apply(PolicyHistory state, Fact<PolicyEvent> fact) => state.Apply(fact);

    public override bool Creates(string command) => false;

    public override bool May(Caller caller, string command, PolicyHistory state) => PolicyAccess.May(caller, command);

    public override Decision<PolicyEvent> Decide(PolicyCommand command, PolicyHistory state, By by) => PolicyDecider.Decide(command, state);

    public override By Engine(PolicyHistory after) => new("system:deadlines", Role.System, organization.Now.District);
}
