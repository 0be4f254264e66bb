using CommandCenter.EventStore;
using CommandCenter.Host;
using CommandCenter.Host.Composition;
using CommandCenter.Host.LocalPostgres;
using CommandCenter.Host.Verbs;
using Microsoft.AspNetCore.Connections;

#pragma warning disable RS0030 // The one place where the machine's clock enters.
var clock = TimeProvider.System;
#pragma warning restore RS0030

try
{
    if (await Verbs.RunAsync(args, clock, Console.Out, Console.Error) is { } code)
        return code;

    await using var host = await CommandCenterHost.BuildAsync(args, clock);
    try
    {
        await host.Application.StartAsync();
    }
    catch (OperationCanceledException) when (host.Application.Lifetime.ApplicationStopping.IsCancellationRequested)
    {
        // Ctrl-C while it starts is an end like any other: what runs already is stopped, not only dropped.
        await host.Application.StopAsync();
        return 0;
    }

    foreach (var url in host.Application.Urls)
        Console.WriteLine($"Town command center: {url}  (report: {url}/worker/  handle: {url}/desk/  wall: {url}/wall/)  Ctrl-C stops it.");
    await host.Application.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is StartRefusedException or LocalPostgresException or KeyStoreException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
catch (IOException e) when (e.InnerException is AddressInUseException)
{
    await Console.Error.WriteLineAsync(
        $"{e.InnerException.Message}. Another program listens there, perhaps a command center that is already running: open it in the browser, or choose another port with --urls http://127.0.0.1:5081.");
    return 3;
}
