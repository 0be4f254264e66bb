using System.Net;
using System.Net.Sockets;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Http;

/// <summary>Until sign-in exists the actor is a header that anybody could send; so only this machine may speak to the host.</summary>
public static class LoopbackOnly
{
    /// <exception cref="StartRefusedException">An address to listen on is not a loopback address.</exception>
    public static void Check(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal), UriKind.Absolute, out var address))
                throw new StartRefusedException($"'{url}' is not an address to listen on. Use, for example, --urls http://127.0.0.1:5080.");
            if (!address.IsLoopback)
            {
                throw new StartRefusedException(
                    $"The host would listen on {url}, where others could reach it, and there is no sign-in yet: anybody could act in anybody's name. "
                    + "Use a loopback address such as http://127.0.0.1:5080.");
            }
        }
    }

    /// <summary>Looks whether the ports are free, before anything is started that would have to be stopped again.</summary>
    /// <exception cref="StartRefusedException">Another program listens on one of them.</exception>
    public static void CheckFree(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = new Uri(url);
            if (address.Port == 0)
                continue;
            var ip = IPAddress.TryParse(address.Host.Trim('[', ']'), out var given) ? given : IPAddress.Loopback;
            try
            {
                using var probe = new TcpListener(ip, address.Port);
                probe.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                throw new StartRefusedException(
                    e.SocketErrorCode == SocketError.AccessDenied
                        ? $"This user may not listen on {url}. Choose a port above 1023, such as --urls {address.Scheme}://{address.Host}:5081."
                        : $"Another program listens on {url}, perhaps a command center that is already running: open it in the browser, "
                          + $"or choose another port, such as --urls {address.Scheme}://{address.Host}:{address.Port + 1}.",
                    e);
            }
        }
    }

    /// <summary>Whether a request came to a loopback name: a page elsewhere must not reach the host through a name of its own (DNS rebinding).</summary>
    public static bool Allows(HostString host) =>
        host.Host is "localhost" || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
