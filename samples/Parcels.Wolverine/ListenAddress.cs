using System.Net;
using System.Net.Sockets;

namespace Parcels.Api;

/// <summary>Where the application listens, <c>ASPNETCORE_URLS</c>.</summary>
public static class ListenAddress
{
    /// <summary>
    /// Looks before anything is started, so that a second start says in one sentence what Kestrel says in a hundred
    /// lines. Commands such as <c>db-assert</c> listen to nothing.
    /// </summary>
    /// <exception cref="CannotStartException">Somebody else listens there, or it is no address.</exception>
    public static void CheckFree(IConfiguration configuration, string[] args)
    {
        var urls = args.Length == 0 ? configuration[WebHostDefaults.ServerUrlsKey] : null;
        foreach (var url in urls?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            var address = Parse(url);
            if (!address.IsUnixPipe && !address.IsNamedPipe && IsTaken(address))
            {
                throw new CannotStartException(
                    $"Port {address.Port} is taken: something else listens on {url}, perhaps this application in "
                    + "another terminal. Choose another port: "
                    + $"dotnet run -e ASPNETCORE_URLS=http://localhost:{address.Port + 1}");
            }
        }
    }

    /// <summary>It knows no authentication, so nobody but this machine is to reach it.</summary>
    /// <exception cref="CannotStartException">It was told to listen to others.</exception>
    public static void RequireLoopback(IConfiguration configuration, string[] args)
    {
        if (args.Length > 0)
            return;
        var ports = new[] { WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey }
            .Where(key => configuration[WebHostDefaults.ServerUrlsKey] is null && configuration[key] is { Length: > 0 })
            .Select(key => $"ASPNETCORE_{key.ToUpperInvariant()}={configuration[key]}");
        var urls = (configuration[WebHostDefaults.ServerUrlsKey]?.Split(';', StringSplitOptions.RemoveEmptyEntries)
            ?? [])
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(one => one["Url"] ?? ""))
            .Where(url => url.Length > 0 && !IsOfThisMachine(Parse(url)));
        if (ports.Concat(urls).FirstOrDefault() is { } open)
            throw new CannotStartException(
                $"\"{open}\" is open to other machines, and this sample knows no authentication: whoever reaches it "
                + "may read and change everything. Set ASPNETCORE_URLS to an address of this machine alone, such as "
                + "http://localhost:5080");
    }

    private static bool IsOfThisMachine(BindingAddress address) =>
        address.IsUnixPipe || address.IsNamedPipe || address.Host == "localhost"
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host));

    private static BindingAddress Parse(string url) =>
        TryParse(url) is { PathBase: "", Port: <= IPEndPoint.MaxPort } address
            ? address
            : throw new CannotStartException(
                $"\"{url}\" is no address to listen on. Set ASPNETCORE_URLS to scheme, host and port, such as "
                + "http://localhost:5080");

    private static BindingAddress? TryParse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static bool IsTaken(BindingAddress address)
    {
        if (!IPAddress.TryParse(address.Host.Trim('[', ']'), out var host))
            host = address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
        using var listener = new TcpListener(host, address.Port);
        try
        {
            listener.Start();
            return false;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }
}
