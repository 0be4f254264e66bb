using CommandCenter.EventStore;
using CommandCenter.Host.Composition;
using CommandCenter.Host.LocalPostgres;
using Npgsql;

namespace CommandCenter.Host.Verbs;

/// <summary>The town's database for a verb: the operator's own, the private one of a host that runs, or the private one started for as long as the verb lasts.</summary>
public sealed class VerbDatabase : IAsyncDisposable
{
    private readonly PrivatePostgres? _started;

    private VerbDatabase(NpgsqlDataSource source, PrivatePostgres? started, HostSettings settings) => (Source, _started, Settings) = (source, started, settings);

    public NpgsqlDataSource Source { get; }

    public HostSettings Settings { get; }

    /// <summary>Opens it as it is; nothing is installed or changed.</summary>
    /// <exception cref="StartRefusedException">It cannot be reached, or has another schema than this program.</exception>
    public static async Task<VerbDatabase> OpenAsync(VerbContext context)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = context.Settings, ContentRootPath = AppContext.BaseDirectory });
        var settings = HostSettings.From(builder.Configuration, context.Settings);
        PrivatePostgres? started = null;
        var connectionString = settings.ConnectionString;
        if (connectionString is null)
        {
            var options = PrivatePostgresOptions.From(builder.Configuration);
            connectionString = PrivatePostgres.ConnectionStringOfRunning(options);
            if (connectionString is null)
            {
                if (!Directory.Exists(options.DataFolder))
                    throw new StartRefusedException($"There is no town in {options.DataFolder}. Set CommandCenter__DataFolder or ConnectionStrings__CommandCenter.");
                using var logging = LoggerFactory.Create(log => log.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole(o => o.SingleLine = true).AddFilter(level => level >= LogLevel.Warning));
                started = await PrivatePostgres.StartAsync(options, logging.CreateLogger("PostgreSQL"), context.Cancellation);
                connectionString = started.ConnectionString;
            }
        }

        var database = new VerbDatabase(CommandCenterHost.Open(connectionString), started, settings);
        try
        {
            if (await SchemaInstaller.FindVersionAsync(database.Source, context.Cancellation) is var found && found != SchemaInstaller.Version)
                throw new StartRefusedException($"The database has schema version {found?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}, this program knows {SchemaInstaller.Version}. Start the command center of the same version on it once.");
            return database;
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            await database.DisposeAsync();
            throw new StartRefusedException($"The database could not be opened: {e.Message} Check ConnectionStrings__CommandCenter.", e);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_started is not null)
            await _started.DisposeAsync();
    }
}
