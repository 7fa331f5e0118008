using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Benchmarks.Tenants;

/// <summary>A store in which each tenant has partitions of its own: head, four months, tail.</summary>
internal sealed class TenantedStore
{
    private const int Samples = 21;
    private const int Pages = 3;
    private const string Stream =
        "SELECT * FROM mt_events WHERE tenant_id = 't7' AND stream_id = 'b1946ac9-2492-4d23-8ae8-000000000001'";

    private const string Page = "SELECT * FROM mt_events WHERE seq_id > 1 AND seq_id <= 500 ORDER BY seq_id LIMIT 500";

    private readonly NpgsqlDataSource _source;
    private readonly List<double> _firstWrites = [];
    private int _tenants;

    private TenantedStore(NpgsqlDataSource source) => _source = source;

    public static async Task<TenantedStore> CreateAsync(BenchmarkServer server, CancellationToken cancellation)
    {
        var source = await server.CreateDatabaseAsync("tenants", cancellation);
        var options = new SchemaOptions { Tenancy = EventTenancy.Conjoined, PartitionByTenant = true };
        await new SchemaMigrator(source, options).ApplyAsync(cancellation);
        return new TenantedStore(source);
    }

    /// <summary>More tenants, each made by its first append.</summary>
    public async Task GrowAsync(int tenants, CancellationToken cancellation)
    {
        _firstWrites.Clear();
        for (; _tenants < tenants; _tenants++)
            _firstWrites.Add(await AppendAsync($"t{_tenants}", cancellation));
    }

    public async Task<IReadOnlyList<string>> MeasureAsync(CancellationToken cancellation)
    {
        var next = new List<double>();
        for (var i = 0; i < Samples; i++)
            next.Add(await AppendAsync($"t{i % _tenants}", cancellation));
        var (stream, fresh, streamLocks) = await PlanAsync(Stream, Samples, cancellation);
        var (page, _, pageLocks) = await PlanAsync(Page, Pages, cancellation);
        var listed = Stopwatch.GetTimestamp();
        var partitions = await _source.ScalarAsync<long>("SELECT count(*) FROM mt_all_partitions()", [], cancellation);
        return
        [
            $"{_tenants:N0}", $"{partitions:N0}", Ms(_firstWrites.TakeLast(50)), Ms(next),
            Number(await _source.ScalarAsync<double>(
                """
                SELECT sum(pg_total_relation_size(c.oid))::double precision / 1e6
                  FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
                """, [], cancellation)),
            streamLocks, stream, fresh, page, pageLocks, Number(Stopwatch.GetElapsedTime(listed).TotalSeconds),
        ];
    }

    private async Task<double> AppendAsync(string tenant, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT mt_append_to_stream(gen_random_uuid(), NULL, 0, ARRAY[gen_random_uuid()],
                   ARRAY['scanned']::varchar[],
                ARRAY[NULL]::varchar[], ARRAY['{}']::jsonb[], ARRAY[NULL]::timestamptz[], ARRAY[NULL]::varchar[],
                ARRAY[NULL]::varchar[], ARRAY[NULL]::varchar[], ARRAY[NULL]::jsonb[], $1)
            """, connection);
        command.Parameters.AddWithValue(tenant);
        await command.ExecuteNonQueryAsync(cancellation);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>
    /// Planning time, that of the first statement of a new connection, and locks held; or the SQLSTATE.
    /// </summary>
    private async Task<(string Warm, string Fresh, string Locks)> PlanAsync(
        string sql, int samples, CancellationToken cancellation)
    {
        var alone = new NpgsqlConnectionStringBuilder(_source.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(alone.ConnectionString);
        await connection.OpenAsync(cancellation);
        try
        {
            var fresh = await ExplainAsync(connection, sql, cancellation);
            var warm = new List<double>();
            for (var i = 0; i < samples; i++)
                warm.Add(await ExplainAsync(connection, sql, cancellation));
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await ExplainAsync(connection, sql, cancellation);
            await using var locks = new NpgsqlCommand(
                "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'", connection);
            return (Ms(warm), Number(fresh), $"{(long)(await locks.ExecuteScalarAsync(cancellation))!:N0}");
        }
        catch (PostgresException error)
        {
            return (error.SqlState, error.SqlState, "too many");
        }
    }

    private static async Task<double> ExplainAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("EXPLAIN (SUMMARY, FORMAT json) " + sql, connection);
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync(cancellation))!);
        return plan.RootElement[0].GetProperty("Planning Time").GetDouble();
    }

    private static string Ms(IEnumerable<double> values) => Number(Statistics.Median(values));

    private static string Number(double value) => value.ToString("N2", CultureInfo.InvariantCulture);
}
