using System.Net;
using System.Net.Sockets;

namespace MartenEventing.LocalPostgres;

/// <summary>Free TCP ports on 127.0.0.1. Whoever asks must be ready to lose the port to somebody else.</summary>
internal static class LoopbackPort
{
    private const int Highest = 65535;

    // Below the ports from which Linux, macOS and Windows make outgoing connections: there, a client that keeps trying
    // to reach a stopped server may end up connected to itself, on the server's port.
    private const int FirstQuiet = 20000;
    private const int LastQuiet = 32000;

    public static int Any()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Random.Shared.Next(FirstQuiet, LastQuiet);
            if (IsFree(port))
                return port;
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The first free port from this one upwards, or any when there is none.</summary>
    public static int FirstFrom(int port)
    {
        while (port <= Highest && !IsFree(port))
            port++;
        return port <= Highest ? port : Any();
    }
}
