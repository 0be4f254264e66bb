namespace CommandCenter.Host.Composition;

/// <summary>The read tables by name, for queries of one slice that join another's.</summary>
public static class TableNames
{
    public const string Cases = "board_cases_v1";
    public const string Tasks = "board_tasks_v1";
    public const string Meetings = "board_meetings_v1";
    public const string Whistles = "board_whistles_v1";
    public const string WhistleCalls = "board_whistle_calls_v1";
    public const string Agendas = "board_agendas_v1";
    public const string AgendaItems = "board_agenda_items_v1";
    public const string Listings = "board_listings_v1";
    public const string Reviews = "board_reviews_v1";
    public const string Guidances = "board_guidances_v1";
    public const string Statistics = "statistics_cases_v1";
    public const string Inbox = "inbox_notices_v2";
}
