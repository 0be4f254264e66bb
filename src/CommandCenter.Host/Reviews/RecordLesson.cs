using System.Globalization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Reviews;

/// <summary>A measure.</summary>
/// <param name="Owner">Who takes it, by id.</param>
/// <param name="DueAt">By when.</param>
public sealed record MeasureRequest(string Text, string Owner, DateTimeOffset DueAt);

/// <summary>What is learned from one case, and what is done so that it does not happen again; said anew it replaces what was said before.</summary>
/// <param name="Item">The case's number in the review.</param>
/// <param name="Lesson">At most 2,000 characters.</param>
/// <param name="Measures">1–20.</param>
[Example("""{"item":1,"lesson":"资金需求研判太晚。","measures":[{"text":"立案时即测算资金","owner":"post-handler-05","dueAt":"2027-01-15T10:00:00Z"}]}""")]
public sealed record RecordLessonRequest(int Item, string Lesson, IReadOnlyList<MeasureRequest> Measures, DateTimeOffset? HappenedAt = null) : ICommandRequest;

public static class RecordLessonEndpoint
{
    private const int Most = 20;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/reviews/{id}/record-lesson", HandleAsync)
        .Command<RecordLessonRequest>("recordLesson", "Record what is learned from a case, with its measures", tag: "Reviews");

    /// <summary>Under which name the text of a measure is sealed: by what it is said of, because its number is given later.</summary>
    internal static string MeasureField(int item, int index) => string.Create(CultureInfo.InvariantCulture, $"items/{item}/measures/{index}");

    private static Task<IResult> HandleAsync(HttpContext context, string id, ReviewEndpoint endpoint) =>
        endpoint.ReviewAsync<RecordLessonRequest>(context, id, "record-lesson", async (request, loaded, at, token) =>
        {
            if (request.Measures.Count > Most)
                throw Problems.OutOfRange("measures", $"1–{Most}");
            var measures = new List<WantedMeasure>();
            foreach (var (measure, index) in request.Measures.Select((measure, index) => (measure ?? throw Problems.Missing("measures"), index)))
            {
                var role = endpoint.SeatOf(measure.Owner, "measures.owner");
                measures.Add(new WantedMeasure(await endpoint.TextAsync(loaded.Stream, MeasureField(request.Item, index), measure.Text, Texts.Note, token), measure.Owner, role, measure.DueAt));
            }

            return new Domain.Reviews.RecordLesson(request.Item, await endpoint.TextAsync(loaded.Stream, "lesson", request.Lesson, Texts.FreeText, token), measures, at);
        });
}
