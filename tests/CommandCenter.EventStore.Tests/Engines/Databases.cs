using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.EventStore.Tests;

/// <summary>Databases with the event log's schema, each test its own.</summary>
internal static class Databases
{
    /// <summary>The connection string of a new database with the schema.</summary>
    public static async Task<string> CreateAsync(int major)
    {
        var server = await TestPostgres.Server(major);
        var template = await server.TemplateAsync("event log", async connectionString =>
        {
            await using var dataSource = NpgsqlDataSource.Create(connectionString);
            await SchemaInstaller.InstallAsync(dataSource);
        });
        return PostgresEventLogOptions.Tune(await server.CreateDatabaseAsync(template));
    }
}
