using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static CommandCenter.EventStore.Tests.Some;

namespace CommandCenter.EventStore.Tests;

public sealed class EventCatalogueTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly EventEntry Reported = new("case_reported", 1, typeof(CaseReported), "Domain.CaseReported, Domain");
    private static readonly EventEntry Rated = new("case_rated_v3", 3, typeof(CaseRated), "Domain.CaseRated, Domain");

    private static readonly Upcaster[] RatedUpcasters =
    [
        new("case_rated", "case_rated_v2", data => new JsonObject { ["points"] = data["stars"]!.GetValue<int>() * 20 }),
        new("case_rated_v2", "case_rated_v3", data =>
        {
            data["by"] = "resident";
            return data;
        }),
    ];

    [Fact]
    public void An_event_is_encoded_under_its_frozen_names_and_decoded_again()
    {
        var catalogue = new EventCatalogue([Reported], Json);

        var encoded = catalogue.Encode(new CaseReported("路灯不亮", 2), Origin, "case:1", "command:k");

        encoded.Type.ShouldBe("case_reported");
        encoded.DotnetType.ShouldBe("Domain.CaseReported, Domain");
        encoded.Origin.ShouldBe(Origin);
        (encoded.CorrelationId, encoded.CausationId).ShouldBe(("case:1", "command:k"));
        catalogue.Decode(Stored(encoded.Type, Encoding.UTF8.GetString(encoded.Data.Span))).ShouldBe(new CaseReported("路灯不亮", 2));
    }

    [Fact]
    public void An_older_version_is_read_as_the_newest_one_step_after_the_other()
    {
        var catalogue = new EventCatalogue([Rated], Json, RatedUpcasters);

        catalogue.Decode(Stored("case_rated", """{"stars":4}""")).ShouldBe(new CaseRated(80, "resident"));
        catalogue.Decode(Stored("case_rated_v2", """{"points":70}""")).ShouldBe(new CaseRated(70, "resident"));
        catalogue.Decode(Stored("case_rated_v3", """{"by":"p-1","points":60}""")).ShouldBe(new CaseRated(60, "p-1"));
    }

    [Fact]
    public void What_is_unknown_is_said_to_be_so()
    {
        var catalogue = new EventCatalogue([Reported], Json);

        Should.Throw<UnknownEventException>(() => catalogue.Decode(Stored("case_melted", "{}"))).Message.ShouldContain("case_melted");
        Should.Throw<UnknownEventException>(() => catalogue.Encode(new CaseRated(1, "x"), Origin)).Message.ShouldContain(nameof(CaseRated));
    }

    [Fact]
    public void What_is_registered_twice_is_refused()
    {
        Should.Throw<ArgumentException>(() => new EventCatalogue([Reported, Reported with { Alias = "case_told" }], Json)).Message.ShouldContain("case_told");
        Should.Throw<ArgumentException>(() => new EventCatalogue([Reported, Reported with { Type = typeof(string) }], Json)).Message.ShouldContain("case_reported");
        Should.Throw<ArgumentException>(() => new EventCatalogue([Rated], Json, [.. RatedUpcasters, RatedUpcasters[0]]));
        Should.Throw<ArgumentException>(() => new EventCatalogue([Rated], Json, [new("case_rated_v3", "case_rated", data => data)]));
    }

    [Fact]
    public void An_alias_that_does_not_say_its_version_is_refused()
    {
        Should.Throw<ArgumentException>(() => new EventCatalogue([Reported with { Version = 2 }], Json));
        Should.Throw<ArgumentException>(() => new EventCatalogue([Rated with { Version = 2 }], Json));
        Should.Throw<ArgumentException>(() => new EventCatalogue([Reported with { Version = 0 }], Json));
    }

    [Fact]
    public void An_upcaster_that_leads_nowhere_is_refused()
    {
        Should.Throw<ArgumentException>(() => new EventCatalogue([Rated], Json, [RatedUpcasters[0]]));
        Should.Throw<ArgumentException>(() => new EventCatalogue([Rated], Json, [new("a", "b", data => data), new("b", "a", data => data)]));
    }

    private static StoredEvent Stored(string type, string data) =>
        new(new LogPosition(1, 7), Guid.Empty, Case(1), 1, type, T0, Origin, Encoding.UTF8.GetBytes(data), null, null);

    private sealed record CaseReported(string Text, int Severity);

    private sealed record CaseRated(int Points, string By);
}
