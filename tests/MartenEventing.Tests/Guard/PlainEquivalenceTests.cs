using MartenEventing.Schema;
using MartenEventing.TestSupport;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>The same random SQL on a plain and a partitioned store: each statement succeeds or fails alike.</summary>
public sealed class PlainEquivalenceTests
{
    private const string Insert =
        "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)";
    private const string NewIds = "nextval('mt_events_sequence'), gen_random_uuid()";

    private static readonly int Transactions = Effort.Of(share: 75, full: 300);

    [Theory]
    [InlineData(EventTenancy.Single, 1)]
    [InlineData(EventTenancy.Single, 2)]
    [InlineData(EventTenancy.Single, 3)]
    [InlineData(EventTenancy.Single, 4)]
    [InlineData(EventTenancy.Conjoined, 1)]
    [InlineData(EventTenancy.Conjoined, 2)]
    [InlineData(EventTenancy.Conjoined, 3)]
    [InlineData(EventTenancy.Conjoined, 4)]
    [InlineData(EventTenancy.Conjoined, 5)]
    [InlineData(EventTenancy.Conjoined, 6)]
    [InlineData(EventTenancy.Single, 11, true)]
    [InlineData(EventTenancy.Conjoined, 12, true)]
    [InlineData(EventTenancy.Conjoined, 13, true)]
    public async Task what_the_plain_layout_accepts_and_refuses_the_partitioned_one_does(
        EventTenancy tenancy, int seed, bool asManyRows = false)
    {
        await using var plain = await GuardStore.CreateAsync(StoreLayout.Plain, tenancy: tenancy);
        await using var partitioned = await GuardStore.CreateAsync(tenancy: tenancy);
        if (asManyRows)
            await partitioned.TakeAllStatementsForManyRowsAsync();
        var random = new Random(seed);
        string[] tenants = tenancy == EventTenancy.Single ? ["'*DEFAULT*'"] : ["'*DEFAULT*'", "'a'", "'b'"];
        var streams = Enumerable.Range(1, 4).Select(n => new Guid(n, 0, 0, new byte[8])).ToArray();
        await using var first = await plain.DataSource.OpenConnectionAsync();
        await using var second = await partitioned.DataSource.OpenConnectionAsync();

        for (var transaction = 0; transaction < Transactions; transaction++)
        {
            var statements = Transaction(random, streams, tenants).ToArray();
            var expected = await RunAsync(first, statements);
            var actual = await RunAsync(second, statements);
            actual.ShouldBe(expected, $"seed {seed}, transaction {transaction}:\n{string.Join(";\n", statements)}");
        }

        const string content =
            "SELECT coalesce(array_agg(format('%s %s %s %s', tenant_id, stream_id, version, " +
            "timestamp AT TIME ZONE 'UTC') ORDER BY tenant_id, stream_id, version), '{}') FROM mt_events";
        (await partitioned.ScalarAsync<string[]>(content)).ShouldBe(await plain.ScalarAsync<string[]>(content));
    }

    /// <summary>
    /// Statements, some taken back; in the end mt_streams tells the truth, as after any sound writer.
    /// </summary>
    private static IEnumerable<string> Transaction(Random random, Guid[] streams, string[] tenants)
    {
        var length = random.Next(1, 8);
        for (var i = 0; i < length; i++)
        {
            yield return "SAVEPOINT s";
            var stream = $"'{streams[random.Next(streams.Length)]}'";
            var tenant = tenants[random.Next(tenants.Length)];
            yield return tenants.Length > 1 && random.Next(7) == 0
                ? StatementAboutTenants(random, stream, tenant)
                : Statement(random, stream, tenant);
            if (random.Next(5) == 0)
            {
                yield return "ROLLBACK TO s";
            }
        }

        yield return "UPDATE mt_streams s SET version = " +
                     "(SELECT coalesce(max(version), 0) FROM mt_events e " +
                     "WHERE e.stream_id = s.id AND e.tenant_id = s.tenant_id)";
    }

    private static string StatementAboutTenants(Random random, string stream, string tenant) => random.Next(4) switch
    {
        0 => $"DELETE FROM mt_streams WHERE id = {stream} AND tenant_id = {tenant}",
        1 => $"UPDATE mt_streams SET tenant_id = 'b' WHERE id = {stream} AND tenant_id = {tenant}",
        2 => "UPDATE mt_events SET tenant_id = 'b' " +
             $"WHERE stream_id = {stream} AND tenant_id = {tenant} AND version = {random.Next(1, 13)}",
        _ => $"{Insert} VALUES ({NewIds}, {stream}, 1, '{{}}', 't', '2026-11-05', NULL)",
    };

    private static string Statement(Random random, string stream, string tenant)
    {
        var where = $"stream_id = {stream} AND tenant_id = {tenant}";
        var version = random.Next(1, 13);
        var time = $"'2026-{random.Next(10, 13)}-{random.Next(1, 28)} 12:00:00+00'";
        return random.Next(13) switch
        {
            0 => $"INSERT INTO mt_streams (id, version, tenant_id) VALUES ({stream}, 0, {tenant}) ON " +
                "CONFLICT DO NOTHING",
            1 => $"INSERT INTO mt_streams (id, version, tenant_id) VALUES ({stream}, {version}, {tenant})",
            2 => $"UPDATE mt_events SET timestamp = {time} WHERE {where} AND version = {version}",
            3 => $"UPDATE mt_events SET version = version + 1 WHERE {where} AND version = {version}",
            4 => $"DELETE FROM mt_events WHERE {where} AND version = {version}",
            5 when random.Next(8) == 0 => $"DELETE FROM mt_streams WHERE id = {stream} AND tenant_id = {tenant}",
            6 => $"UPDATE mt_streams SET version = version + 2 WHERE id = {stream} AND tenant_id = {tenant}",
            7 => $"{Insert} SELECT {NewIds}, {stream}, v, '{{}}', 't', {time}::timestamptz + v * interval '9 days', " +
                 $"{tenant} FROM generate_series({version}, {version + 2}) v",
            8 => $"{Insert} SELECT {NewIds}, s.id, v, '{{}}', 't', {time}::timestamptz + v * interval '9 days', " +
                 $"s.tenant_id FROM mt_streams s, generate_series({version}, {version + 2}) v " +
                 $"WHERE s.tenant_id = {tenant} ORDER BY md5(s.id::text || v)",
            _ => $"{Insert} VALUES ({NewIds}, {stream}, {version}, '{{}}', 't', {time}, {tenant})",
        };
    }

    /// <summary>Runs a transaction; a statement that fails is taken back. Returns the outcome of each.</summary>
    private static async Task<List<string>> RunAsync(NpgsqlConnection connection, string[] statements)
    {
        var outcomes = new List<string>();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            try
            {
                await command.ExecuteNonQueryAsync();
                outcomes.Add("done");
            }
            catch (PostgresException failure)
            {
                outcomes.Add(
                    failure.SqlState == "23503" ? $"{failure.SqlState} {failure.ConstraintName}" : failure.SqlState);
                await connection.RunAsync("ROLLBACK TO s");
            }
        }

        await transaction.CommitAsync();
        return outcomes;
    }
}
