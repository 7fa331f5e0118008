using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MartenEventing.Tests.Events;

/// <summary>Stands between a client and the server, and loses connections in the ways that networks do.</summary>
internal sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _clients = [];
    private int _repliesToLose;

    private LossyProxy(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        _ = AcceptAsync();
    }

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    /// <summary>How many replies were lost so far.</summary>
    public int Lost { get; private set; }

    public static LossyProxy To(string connectionString)
    {
        var proxy = new LossyProxy(connectionString);
        proxy.DataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)proxy._listener.LocalEndpoint).Port,
        }.ConnectionString);
        return proxy;
    }

    /// <summary>The next reply of the server never arrives, and its connection ends.</summary>
    public void LoseNextReply() => Interlocked.Exchange(ref _repliesToLose, 1);

    /// <summary>All clients lose their connections; the server does not hear of it and goes on.</summary>
    public void CutClients()
    {
        lock (_clients)
        {
            foreach (var client in _clients)
                client.Close(0);
            _clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _end.CancelAsync();
        _listener.Stop();
        CutClients();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptSocketAsync(_end.Token);
            var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await server.ConnectAsync(_server.Host!, _server.Port);
            lock (_clients)
                _clients.Add(client);
            _ = ForwardAsync(client, server, _ => false);
            _ = ForwardAsync(server, client, _ => Interlocked.Exchange(ref _repliesToLose, 0) == 1);
        }
    }

    private async Task ForwardAsync(Socket from, Socket to, Func<int, bool> lose)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var length)
            {
                if (lose(length))
                {
                    Lost++;
                    to.Close(0);
                    from.Close();
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, length), _end.Token);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A lost connection is what this is for. The server keeps its side of a client that was cut.
        }
    }
}
