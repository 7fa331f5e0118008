using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace MartenEventing.Cli.Tests.Convert;

/// <summary>
/// Stands between a program and its server, passes on what both say, and tells the listener each statement just after
/// the server has been sent it.
/// </summary>
internal sealed class ListeningProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Action<string> _sent;
    private readonly CancellationTokenSource _stop = new();

    public ListeningProxy(string connectionString, Action<string> sent)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _sent = sent;
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port, SslMode = SslMode.Disable,
        }.ConnectionString;
        _ = AcceptAsync();
    }

    public string ConnectionString { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_server.Host!, _server.Port);
            await Task.WhenAny(
                PassAsync(client.GetStream(), server.GetStream(), listen: true),
                PassAsync(server.GetStream(), client.GetStream(), listen: false));
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, bool listen)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read));
                if (listen)
                    _sent(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
        }
    }
}
