using System.Globalization;
using CommandCenter.Testing.Postgres;
using Npgsql;

namespace CommandCenter.Host.Tests.LocalPostgres;

[OnPostgres(18)]
public sealed class TestPostgresTests
{
    [PostgresFact]
    public async Task Gives_every_test_a_database_of_its_own()
    {
        var server = await TestPostgres.Server(18);
        var one = await server.CreateDatabaseAsync();
        var other = await server.CreateDatabaseAsync();

        await AskAsync(one, "create table t as select 1 as n; select 1");

        (await AskAsync(other, "select count(*) from pg_class where relname = 't'")).ShouldBe("0");
        (await TestPostgres.Server(18)).ShouldBeSameAs(server);
        await server.DropDatabaseAsync(one);
        await server.DropDatabaseAsync(other);
    }

    [PostgresFact]
    public async Task Fills_a_template_once_and_copies_it_for_many_tests_at_a_time()
    {
        var server = await TestPostgres.Server(18);
        var fills = 0;
        Task<string> TemplateAsync() => server.TemplateAsync("one table", async database =>
        {
            Interlocked.Increment(ref fills);
            await AskAsync(database, "create table t as select '网格员' as word; select 1");
        });

        var words = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
            await AskAsync(await server.CreateDatabaseAsync(await TemplateAsync()), "select word from t")));

        words.ShouldBe(Enumerable.Repeat("网格员", 5));
        fills.ShouldBe(1);
    }

    [PostgresFact]
    public async Task Flushes_to_disk_only_where_a_test_asks_for_it()
    {
        (await AskAsync((await TestPostgres.Server(18)).ConnectionString, "show fsync")).ShouldBe("off");
        (await AskAsync((await TestPostgres.Server(18, durable: true)).ConnectionString, "show fsync")).ShouldBe("on");
    }

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Runs_theories_on_the_class_version(int n) =>
        (await AskAsync((await TestPostgres.Server(18)).ConnectionString, string.Create(CultureInfo.InvariantCulture, $"select {n}")))
            .ShouldBe(n.ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void Says_what_to_install_for_a_major_that_is_missing()
    {
        TestPostgres.WhyNot(99).ShouldBe("PostgreSQL 99 is not on this machine: install the Debian package postgresql-99.");
        foreach (var major in TestPostgres.PromisedMajors)
            (TestPostgres.WhyNot(major) is null).ShouldBe(TestPostgres.AvailableMajors.Contains(major));
    }

    private static async Task<string> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!;
    }
}
