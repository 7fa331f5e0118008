using System.Collections.Concurrent;
using System.Data;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Tests.Guard;

/// <summary>Eight writers on fifty streams, timestamps at random over three months: versions stay 1 to n.</summary>
public sealed class ConcurrentWritersTests
{
    private const int Writers = 8;
    private static readonly int AppendsEach = Effort.Of(share: 20, full: 40);
    private static readonly string[] Modes = ["quick", "quick expecting", "rich", "copy", "engine"];
    private static readonly HashSet<string> Conflicts = ["23505", "40001", "40P01", "MT003"];

    public static TheoryData<string, IsolationLevel, bool, EventTenancy> Ways()
    {
        var ways = new TheoryData<string, IsolationLevel, bool, EventTenancy>();
        var turn = 0;
        foreach (var mode in (string[])[.. Modes, "mixed"])
        {
            foreach (var isolation in (IsolationLevel[])
                     [IsolationLevel.ReadCommitted, IsolationLevel.RepeatableRead, IsolationLevel.Serializable])
            {
                turn++;
                foreach (var inSavepoint in (bool[])[false, true])
                    if (Effort.IsFull || inSavepoint == (turn % 2 == 0))
                        ways.Add(mode, isolation, inSavepoint, EventTenancy.Single);
            }

            ways.Add(mode, IsolationLevel.ReadCommitted, true, EventTenancy.Conjoined);
        }

        ways.Add("mixed", IsolationLevel.ReadCommitted, false, EventTenancy.Conjoined);
        ways.Add("mixed", IsolationLevel.RepeatableRead, false, EventTenancy.Conjoined);
        ways.Add("mixed", IsolationLevel.Serializable, true, EventTenancy.Conjoined);

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task no_version_is_lost_doubled_or_missing(
        string mode, IsolationLevel isolation, bool inSavepoint, EventTenancy tenancy)
    {
        await using var store = await GuardStore.CreateAsync(tenancy: tenancy);
        var streams = new Guid[50];
        for (var i = 0; i < streams.Length; i++)
        {
            streams[i] = await store.StartStreamAsync();
        }

        string[] tenants = tenancy == EventTenancy.Single ? ["*DEFAULT*"] : ["*DEFAULT*", GuardStore.Other];
        var before = await EventsAsync(store);
        var acknowledged = new ConcurrentBag<Guid>();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            await using var connection = await store.DataSource.OpenConnectionAsync();
            for (var i = 0; i < AppendsEach; i++)
            {
                var append = new Append(
                    streams[random.Next(streams.Length)], tenants[random.Next(tenants.Length)], random);
                if (await TryAsync(connection, mode, isolation, inSavepoint, append, random))
                {
                    append.Ids.ForEach(acknowledged.Add);
                }
            }
        })));

        await store.VersionsShouldBeGaplessAsync();
        (await EventsAsync(store)).Except(before).Order().ShouldBe(acknowledged.Order());
        acknowledged.Count.ShouldBeGreaterThan(Writers * AppendsEach / 4);
    }

    private static Task<Guid[]> EventsAsync(GuardStore store) =>
        store.ScalarAsync<Guid[]>("SELECT coalesce(array_agg(id), '{}') FROM mt_events");

    private static async Task<bool> TryAsync(
        NpgsqlConnection connection,
        string mode,
        IsolationLevel isolation,
        bool inSavepoint,
        Append append,
        Random random)
    {
        await using var transaction = await connection.BeginTransactionAsync(isolation);
        try
        {
            if (inSavepoint)
            {
                await transaction.SaveAsync("first");
                await append.RunAsync(connection, mode, random);
                await transaction.RollbackAsync("first");
                await transaction.SaveAsync("second");
            }

            await append.RunAsync(connection, mode, random);
            await transaction.CommitAsync();
            return true;
        }
        catch (PostgresException conflict) when (Conflicts.Contains(conflict.SqlState))
        {
            return false;
        }
    }

    private sealed class Append(Guid stream, string tenant, Random random)
    {
        public List<Guid> Ids { get; } = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Guid.NewGuid())];

        private DateTime[] Times { get; } =
            [.. Enumerable.Range(0, 4).Select(_ => GuardStore.October.AddMinutes(random.Next(-43_000, 86_000)))];

        public Task RunAsync(NpgsqlConnection connection, string mode, Random choice) => mode switch
        {
            "quick" => QuickAsync(connection, expecting: false),
            "quick expecting" => QuickAsync(connection, expecting: true),
            "rich" => RichAsync(connection),
            "copy" => CopyAsync(connection),
            "engine" => EngineAsync(connection),
            _ => RunAsync(connection, Modes[choice.Next(Modes.Length)], choice),
        };

        private Task<object?> VersionAsync(NpgsqlConnection connection) =>
            connection.RunAsync(
            "SELECT version FROM mt_streams WHERE id = $1 AND tenant_id = $2", stream, tenant);

        /// <summary>Reads the version without a lock, inserts event by event, moves the stream at the end.</summary>
        private async Task QuickAsync(NpgsqlConnection connection, bool expecting)
        {
            const string move =
                "UPDATE mt_streams SET version = $2, timestamp = now() WHERE id = $1 AND tenant_id = $3";
            var version = (long)(await VersionAsync(connection))!;
            await InsertAsync(connection, version);
            var moved = expecting
                ? await connection.RunAsync(
                    move + " AND version = $4 RETURNING id", stream, version + Ids.Count, tenant, version)
                : await connection.RunAsync(move + " RETURNING id", stream, version + Ids.Count, tenant);
            moved.ShouldNotBeNull();
        }

        /// <summary>Compares and sets the version first, then inserts.</summary>
        private async Task RichAsync(NpgsqlConnection connection)
        {
            var version = (long)(await VersionAsync(connection))!;
            var moved = await connection.RunAsync(
                "UPDATE mt_streams SET version = $2 WHERE id = $1 AND version = $3 AND tenant_id = $4 RETURNING " +
                "version",
                stream, version + Ids.Count, version, tenant);
            if (moved is null)
            {
                throw new PostgresException("version moved", "ERROR", "ERROR", "MT003");
            }

            await InsertAsync(connection, version);
        }

        private async Task InsertAsync(NpgsqlConnection connection, long version)
        {
            for (var i = 0; i < Ids.Count; i++)
            {
                await connection.RunAsync(
                    "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id) " +
                    "VALUES (nextval('mt_events_sequence'), $1, $2, $3, '{}', 'parcel_scanned', $4, $5)",
                    Ids[i], stream, version + i + 1, Times[i], tenant);
            }
        }

        /// <summary>Copies rows and leaves mt_streams to the guard.</summary>
        private async Task CopyAsync(NpgsqlConnection connection)
        {
            var version = (long)(await VersionAsync(connection))!;
            await using var copy = await connection.BeginBinaryImportAsync(
                "COPY mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id) " +
                "FROM STDIN (FORMAT binary)");
            for (var i = 0; i < Ids.Count; i++)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(Random.Shared.NextInt64(1L << 40, 1L << 62), NpgsqlDbType.Bigint);
                await copy.WriteAsync(Ids[i], NpgsqlDbType.Uuid);
                await copy.WriteAsync(stream, NpgsqlDbType.Uuid);
                await copy.WriteAsync(version + i + 1, NpgsqlDbType.Bigint);
                await copy.WriteAsync("{}", NpgsqlDbType.Jsonb);
                await copy.WriteAsync("parcel_scanned", NpgsqlDbType.Varchar);
                await copy.WriteAsync(Times[i], NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(tenant, NpgsqlDbType.Varchar);
            }

            await copy.CompleteAsync();
        }

        private Task EngineAsync(NpgsqlConnection connection) => connection.RunAsync(
            "SELECT mt_append_to_stream($1, NULL, NULL, $2, array_fill('parcel_scanned'::varchar, ARRAY[$3]), NULL, " +
            "array_fill('{}'::jsonb, ARRAY[$3]), $4, NULL, NULL, NULL, NULL, $5)",
            stream, Ids.ToArray(), Ids.Count, Times[..Ids.Count], tenant);
    }
}
