using CommandCenter.Host.LocalPostgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CommandCenter.Host.Tests.LocalPostgres;

/// <summary>Holds a private PostgreSQL as a host would, in a process that tests may signal and kill.</summary>
internal static class PostgresOwner
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not [var folder])
        {
            await Console.Error.WriteLineAsync("Usage: CommandCenter.Host.Tests <data folder>");
            return 64;
        }
        try
        {
            await using var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions { DataFolder = folder }, NullLogger.Instance);
            await Console.Out.WriteLineAsync(server.ConnectionString);
            await Task.Delay(Timeout.Infinite);
            return 0;
        }
        catch (LocalPostgresException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }
}
