using CommandCenter.Domain.Deadlines;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Deadlines;

/// <summary>
/// <c>POST /api/policy/calendar/years</c> and <c>POST /api/policy/calendar/hours</c>: a year's holidays and made-up working days, as announced, or the hours of the towns. Every open clock that
/// the change touches is counted anew.
/// </summary>
public static class ImportCalendarEndpoint
{
    private static readonly QueryOption[] Options = [new("dryRun", "true: check it and show what would change; nothing is taken", typeof(bool))];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/policy/calendar/years", YearAsync)
            .Import<CalendarYear, PolicyAnswer>("importCalendarYear", "Take a year of the working calendar (导入年度节假日安排)", "application/json", "Deadlines", Options);
        routes.MapPost("/api/policy/calendar/hours", HoursAsync)
            .Import<HoursPlan, PolicyAnswer>("importWorkingHours", "Take the working hours of the towns (导入工作时间)", "application/json", "Deadlines", Options);
    }

    private static Task<IResult> YearAsync(HttpContext context, PolicyEndpoint endpoint) => endpoint.HandleAsync<ReadFile<CalendarYear>>(
        context, "adopt-calendar", (file, _) => new AdoptCalendar([file.Value], null), (request, token) => PolicyEndpoint.ReadAsync(request, "year", CalendarReader.ReadYearInWords, token));

    private static Task<IResult> HoursAsync(HttpContext context, PolicyEndpoint endpoint) => endpoint.HandleAsync<ReadFile<HoursPlan>>(
        context, "adopt-calendar", (file, _) => new AdoptCalendar([], file.Value), (request, token) => PolicyEndpoint.ReadAsync(request, "hours", CalendarReader.ReadHoursInWords, token));
}
