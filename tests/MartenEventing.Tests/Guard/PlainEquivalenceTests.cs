using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>The same random SQL on a plain and a partitioned store: each statement succeeds or fails alike.</summary>
public sealed class PlainEquivalenceTests
{
    private const string Insert = "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)";
    private const string NewIds = "nextval('mt_events_sequence'), gen_random_uuid()";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task what_the_plain_layout_accepts_and_refuses_the_partitioned_one_does(int seed)
    {
        await using var plain = await GuardStore.CreateAsync(StoreLayout.Plain);
        await using var partitioned = await GuardStore.CreateAsync();
        var random = new Random(seed);
        var streams = Enumerable.Range(1, 4).Select(n => new Guid(n, 0, 0, new byte[8])).ToArray();
        await using var first = await plain.DataSource.OpenConnectionAsync();
        await using var second = await partitioned.DataSource.OpenConnectionAsync();

        for (var transaction = 0; transaction < 150; transaction++)
        {
            var statements = Transaction(random, streams).ToArray();
            var expected = await RunAsync(first, statements);
            var actual = await RunAsync(second, statements);
            actual.ShouldBe(expected, $"seed {seed}, transaction {transaction}:\n{string.Join(";\n", statements)}");
        }

        const string content =
            "SELECT coalesce(array_agg(format('%s %s %s', stream_id, version, timestamp AT TIME ZONE 'UTC') " +
            "ORDER BY stream_id, version), '{}') FROM mt_events";
        (await partitioned.ScalarAsync<string[]>(content)).ShouldBe(await plain.ScalarAsync<string[]>(content));
    }

    /// <summary>Statements, some taken back; in the end mt_streams tells the truth, as after any sound writer.</summary>
    private static IEnumerable<string> Transaction(Random random, Guid[] streams)
    {
        var length = random.Next(1, 8);
        for (var i = 0; i < length; i++)
        {
            yield return "SAVEPOINT s";
            yield return Statement(random, $"'{streams[random.Next(streams.Length)]}'");
            if (random.Next(5) == 0)
            {
                yield return "ROLLBACK TO s";
            }
        }

        yield return "UPDATE mt_streams s SET version = " +
                     "(SELECT coalesce(max(version), 0) FROM mt_events e WHERE e.stream_id = s.id)";
    }

    private static string Statement(Random random, string stream)
    {
        var version = random.Next(1, 13);
        var time = $"'2026-{random.Next(10, 13)}-{random.Next(1, 28)} 12:00:00+00'";
        return random.Next(12) switch
        {
            0 => $"INSERT INTO mt_streams (id, version) VALUES ({stream}, 0) ON CONFLICT DO NOTHING",
            1 => $"INSERT INTO mt_streams (id, version) VALUES ({stream}, {version})",
            2 => $"UPDATE mt_events SET timestamp = {time} WHERE stream_id = {stream} AND version = {version}",
            3 => $"UPDATE mt_events SET version = version + 1 WHERE stream_id = {stream} AND version = {version}",
            4 => $"DELETE FROM mt_events WHERE stream_id = {stream} AND version = {version}",
            5 when random.Next(8) == 0 => $"DELETE FROM mt_streams WHERE id = {stream}",
            6 => $"UPDATE mt_streams SET version = version + 2 WHERE id = {stream}",
            7 => $"{Insert} SELECT {NewIds}, {stream}, v, '{{}}', 't', {time}::timestamptz + v * interval '9 days' " +
                 $"FROM generate_series({version}, {version + 2}) v",
            _ => $"{Insert} VALUES ({NewIds}, {stream}, {version}, '{{}}', 't', {time})",
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
                outcomes.Add(failure.SqlState);
                await connection.RunAsync("ROLLBACK TO s");
            }
        }

        await transaction.CommitAsync();
        return outcomes;
    }
}
