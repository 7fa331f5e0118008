using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A pgbouncer of one test's own before a database.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];

    private readonly Process _process;
    private readonly string _folder;

    private PgBouncer(Process process, string folder, string connectionString) =>
        (_process, _folder, ConnectionString) = (process, folder, connectionString);

    /// <summary>Why a test that needs one is left out; null where there is one.</summary>
    public static string? Missing => Find() is null ? "pgbouncer is not installed here: apt install pgbouncer." : null;

    /// <summary>
    /// Through the pooler, without what it does not know: prepared statements, and resetting a session.
    /// </summary>
    public string ConnectionString { get; }

    /// <param name="connectionString">The database behind it.</param>
    /// <param name="mode">Its pool_mode: transaction or session.</param>
    /// <param name="servers">How many connections to the server it holds at most.</param>
    public static async Task<PgBouncer> StartAsync(
        string connectionString, string mode = "transaction", int servers = 10)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var folder = Directory.CreateTempSubdirectory("pgbouncer").FullName;
        var port = FreePort();
        var settings = Path.Combine(folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings,
            $"""
             [databases]
             * = host={server.Host} port={server.Port} user={server.Username} password={server.Password}
             [pgbouncer]
             listen_addr = 127.0.0.1
             listen_port = {port}
             unix_socket_dir =
             auth_type = any
             pool_mode = {mode}
             default_pool_size = {servers}
             max_client_conn = 200
             {(Environment.UserName == "root" ? "user = postgres" : "")}
             """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        var process = Process.Start(new ProcessStartInfo(Find()!, ["-q", settings])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var pooler = new PgBouncer(process, folder, new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1", Port = port, NoResetOnClose = true, MaxAutoPrepare = 0,
        }.ConnectionString);
        await Until.TrueAsync(() => IsListeningAsync(port));
        return pooler;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find() => Places.FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
