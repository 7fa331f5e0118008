using System.Net;
using System.Net.Sockets;

namespace MartenEventing.LocalPostgres;

/// <summary>Free TCP ports on 127.0.0.1. Whoever asks must be ready to lose the port to somebody else.</summary>
internal static class LoopbackPort
{
    public const int Highest = 65535;

    public static int Any()
    {
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
