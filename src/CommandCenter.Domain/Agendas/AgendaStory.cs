using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Agendas;

/// <summary>What a committee's list says in the streams of its cases. Pure.</summary>
public static class AgendaStory
{
    /// <param name="before">The list before what was decided.</param>
    /// <param name="after">The list with it.</param>
    public static IEnumerable<(string Case, CaseStoryEvent Event)> Of(AreaCode town, Agenda before, Agenda after, IReadOnlyList<AgendaEvent> decided)
    {
        foreach (var item in after.Items.Skip(before.Items.Count))
        {
            var meeting = after.Meetings[item.Meeting - 1];
            yield return (item.Case, new CasePutOnAgenda(town, item.Meeting, item.Number, meeting.StartsAt, item.Reasons));
        }

        foreach (var named in decided.OfType<AgendaLeadNamed>())
            yield return (after.Find(named.Item)!.Case, new CaseAgendaLeadNamed(town, named.Item, named.Person, named.Role, named.Until));

        foreach (var item in after.Items.Where(item => !item.IsOpen && before.Find(item.Number) is { IsOpen: true }))
        {
            yield return (item.Case, new CaseLeftAgenda(town, item.Number, item.Stage switch
            {
                AgendaItemStage.Appraised => AgendaLeaving.Appraised,
                AgendaItemStage.Struck => AgendaLeaving.Struck,
                _ => AgendaLeaving.Dropped,
            }));
        }
    }
}
