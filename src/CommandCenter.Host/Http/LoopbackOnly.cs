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

    /// <summary>Endpoints named in Kestrel's own settings would pass by the addresses that were checked.</summary>
    /// <exception cref="StartRefusedException">There are such settings.</exception>
    public static void CheckSettings(IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
            throw new StartRefusedException("Kestrel:Endpoints is set, but until there is a sign-in the host listens on the loopback addresses of --urls alone. Remove the setting.");
    }

    /// <summary>
    /// Refuses what does not come from this machine, from a page of this host: neither another machine, nor a name of somebody else's (DNS rebinding), nor a page of
    /// another origin, which may open sockets and send forms to wherever it likes.
    /// </summary>
    /// <exception cref="ProblemException">The request is not from here.</exception>
    public static void Check(HttpContext context)
    {
        var connection = context.Connection;
        if (!IsLoopback(connection.LocalIpAddress) || !IsLoopback(connection.RemoteIpAddress) || !Allows(context.Request.Host))
            throw new ProblemException(421, "request.host", new("请通过本机地址访问。", "Use a loopback address."), "Host");
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Authority != context.Request.Host.Value || from.Scheme != context.Request.Scheme))
            throw new ProblemException(403, "request.origin", new("不接受来自其他网站的请求。", "Requests from pages of another origin are refused."), "Origin");
    }

    private static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    /// <summary>Whether a request came to a loopback name: a page elsewhere must not reach the host through a name of its own (DNS rebinding).</summary>
    private static bool Allows(HostString host) =>
        host.Host is "localhost" || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
