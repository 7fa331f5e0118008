using System.Diagnostics;
using MartenEventing.LocalPostgres;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A server and its hot standby, which streams from it.</summary>
public sealed class StandbyServer : IAsyncDisposable
{
    private readonly LocalServer _primary;
    private readonly LocalServer _standby;

    private StandbyServer(LocalServer primary, LocalServer standby) => (_primary, _standby) = (primary, standby);

    public string PrimaryConnectionString => _primary.ConnectionString;

    /// <summary>It has the roles and passwords of the primary.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_primary.ConnectionString)
    {
        Port = _standby.Port,
    }.ConnectionString;

    /// <summary>Starts both; the standby is made of a base backup in the place of an empty server's data.</summary>
    public static async Task<StandbyServer> StartAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The data are put in place by a shell.");
        var primary = await LocalServer.StartTemporaryAsync();
        var standby = await LocalServer.StartTemporaryAsync(
            new LocalPostgresOptions { BinDirectory = primary.BinDirectory });
        await standby.StopAsync();
        var from = new NpgsqlConnectionStringBuilder(primary.ConnectionString);
        await RunAsync(
            $"""
             set -e
             cd '{standby.DataDirectory}'
             owner=$(stat -c %u:%g .)
             kept=$(mktemp -d); cp postgresql.conf pg_hba.conf "$kept"
             find . -mindepth 1 -delete
             PGPASSWORD='{from.Password}' '{primary.BinDirectory}/pg_basebackup' \
                 -h 127.0.0.1 -p {primary.Port} -U postgres -D . -X stream -c fast
             cp "$kept"/* .; rm -r "$kept"; touch standby.signal
             echo "primary_conninfo = 'host=127.0.0.1 port={primary.Port} user=postgres password={from.Password}'" \
                 >> postgresql.auto.conf
             chown -R "$owner" .
             """);
        await standby.RestartAsync();
        return new StandbyServer(primary, standby);
    }

    /// <summary>Waits until the standby has all that the primary has now.</summary>
    public async Task CatchUpAsync()
    {
        await using var primary = NpgsqlDataSource.Create(PrimaryConnectionString);
        await using var standby = NpgsqlDataSource.Create(ConnectionString);
        var written = await primary.ScalarAsync<string>("SELECT pg_current_wal_flush_lsn()::text");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await standby.ScalarAsync<bool>("SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn", written))
            await Task.Delay(20, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _standby.DisposeAsync();
        await _primary.DisposeAsync();
    }

    private static async Task RunAsync(string script)
    {
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, error);
    }
}
