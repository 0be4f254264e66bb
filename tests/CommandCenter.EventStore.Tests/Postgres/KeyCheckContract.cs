using CommandCenter.EventStore.Tests.Seals;
using CommandCenter.Testing.Postgres;

namespace CommandCenter.EventStore.Tests;

/// <summary>A log is opened only with the keys that it was begun with.</summary>
public abstract class KeyCheckContract(int major) : IAsyncLifetime
{
    private readonly SealsFixture _given = new();
    private readonly SealsFixture _other = new();
    private PostgresEngine? _engine;

    private PostgresEngine Engine => _engine!;

    public async Task InitializeAsync() => _engine = await PostgresEngine.StartAsync(major);

    public async Task DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _given.Dispose();
        _other.Dispose();
    }

    [PostgresFact]
    public async Task The_same_keys_are_taken_again_with_and_without_events()
    {
        await RequireAsync(_given);
        await RequireAsync(_given);
        await AppendAsync();

        await RequireAsync(_given);
    }

    [PostgresFact]
    public async Task Other_keys_are_refused_also_while_the_log_is_empty()
    {
        await RequireAsync(_given);
        (await Should.ThrowAsync<KeyStoreException>(() => RequireAsync(_other))).Message.ShouldContain("does not belong to this database");
        await AppendAsync();
        await HoldAKeyAsync(_other);

        (await Should.ThrowAsync<KeyStoreException>(() => RequireAsync(_other))).Message.ShouldContain("CommandCenter__DataFolder");
    }

    [PostgresFact]
    public async Task A_log_from_before_the_check_takes_a_folder_that_held_keys_and_no_new_one()
    {
        await AppendAsync();
        for (var start = 0; start < 2; start++)
            (await Should.ThrowAsync<KeyStoreException>(() => RequireAsync(_other))).Message.ShouldContain("the key folder is new");
        await HoldAKeyAsync(_given);

        await RequireAsync(_given);

        await HoldAKeyAsync(_other);
        await Should.ThrowAsync<KeyStoreException>(() => RequireAsync(_other));
    }

    [PostgresFact]
    public async Task Of_nodes_that_begin_a_log_at_once_with_folders_of_their_own_one_is_left()
    {
        var nodes = await Task.WhenAll(new[] { _given, _other }.Select(folder => Task.Run(async () =>
        {
            try
            {
                await RequireAsync(folder);
                return true;
            }
            catch (KeyStoreException)
            {
                return false;
            }
        })));

        nodes.Count(node => node).ShouldBe(1);
    }

    private async Task RequireAsync(SealsFixture folder)
    {
        using var keys = folder.Open();
        await KeyCheck.RequireAsync(Engine.DataSource, keys);
    }

    private static async Task HoldAKeyAsync(SealsFixture folder)
    {
        using var keys = folder.Open();
        await keys.GetOrCreateAsync(SealsFixture.Subject);
    }

    private Task<AppendReceipt> AppendAsync() => Engine.Log.AppendedAsync(Some.Request(Some.New(Some.Case(1), Some.Event())));
}

[OnPostgres(15)]
public sealed class KeyCheckOnPostgres15() : KeyCheckContract(15);

[OnPostgres(18)]
public sealed class KeyCheckOnPostgres18() : KeyCheckContract(18);
