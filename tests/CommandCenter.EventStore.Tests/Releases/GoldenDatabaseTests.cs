using CommandCenter.Domain;
using CommandCenter.Testing.Postgres;

namespace CommandCenter.EventStore.Tests.Releases;

/// <summary>The newest golden database holds what this program writes; <c>UPDATE_GOLDEN=1</c> records it anew where it does not.</summary>
[OnPostgres(15)]
public sealed class GoldenDatabaseTests : IAsyncLifetime
{
    public async Task InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1" && await LackingAsync(GoldenDatabase.Find(GoldenDatabase.Newest)) is not [])
            await GoldenDatabaseRecorder.RecordAsync(15);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [PostgresFact]
    public async Task The_newest_golden_database_has_every_event_of_the_catalogue_as_its_golden_file_says() =>
        (await LackingAsync(GoldenDatabase.Find(GoldenDatabase.Newest))).ShouldBeEmpty(
            "If this format is not released yet, record it anew with UPDATE_GOLDEN=1; else raise GoldenDatabase.Newest and record the next one.");

    [PostgresFact]
    public void No_schema_step_that_made_a_released_database_was_edited()
    {
        foreach (var golden in GoldenDatabase.All)
            GoldenDatabase.StepsNow.Take(golden.Steps.Count).ShouldBe(golden.Steps, $"A step that ran on databases of format {golden.Format} is frozen: make a new step.");
    }

    private static async Task<IReadOnlyList<string>> LackingAsync(GoldenDatabase? golden)
    {
        if (golden is null)
            return ["everything"];
        if (!GoldenDatabase.StepsNow.Take(golden.Steps.Count).SequenceEqual(golden.Steps))
            return ["the schema's steps"];
        await using var engine = PostgresEngine.On(await golden.RestoreAsync(15));
        // Today's program reads it once it has brought its schema up to date.
        await SchemaInstaller.InstallAsync(engine.DataSource);
        var standing = (await engine.Log.ReadLogAsync(0, int.MaxValue)).Select(e => (e.Type, e.Text())).ToHashSet();
        return [.. DomainEvents.All.Select(name => name.Alias).Where(alias => !standing.Contains((alias, System.Text.Encoding.UTF8.GetString(CanonicalJson.Canonicalize(GoldenEvents.Data(alias, "full"))))))];
    }
}
