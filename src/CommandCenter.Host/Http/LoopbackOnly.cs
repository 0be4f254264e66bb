using System.Net;
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

    /// <summary>Whether a request came to a loopback name: a page elsewhere must not reach the host through a name of its own (DNS rebinding).</summary>
    public static bool Allows(HostString host) =>
        host.Host is "localhost" || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
