using MartenEventing.Partitioning;
using MartenEventing.TestSupport.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Partitioning;

public sealed class SealingTests
{
    private const string Page =
        "SELECT seq_id FROM mt_events WHERE seq_id > 15 AND seq_id <= 35 ORDER BY seq_id LIMIT 500";

    private static readonly string[] Unsealed =
        [MonthName(0), MonthName(1), MonthName(2), MonthName(3), "mt_events_tail"];

    [Fact]
    public async Task a_page_by_sequence_reads_unsealed_partitions_and_sealed_ones_that_overlap()
    {
        await using var store = await ThreeSealedMonthsAsync();

        (await store.TablesReadAsync(Page)).ShouldBe([MonthName(-2), MonthName(-1), .. Unsealed], ignoreOrder: true);
        (await store.TablesReadAsync("SELECT * FROM mt_events WHERE seq_id > 30 ORDER BY seq_id LIMIT 500"))
            .ShouldBe(Unsealed, ignoreOrder: true);
    }

    [Fact]
    public async Task a_time_window_reads_only_its_months()
    {
        await using var store = await ThreeSealedMonthsAsync();

        (await store.TablesReadAsync(
            $"SELECT * FROM mt_events WHERE timestamp >= '{Month(-2):O}' AND timestamp < '{Month(0):O}'"))
            .ShouldBe([MonthName(-2), MonthName(-1)], ignoreOrder: true);
    }

    [Theory]
    [InlineData("INSERT")]
    [InlineData("INSERT, rolled back")]
    [InlineData("COPY")]
    [InlineData("UPDATE of seq_id")]
    [InlineData("UPDATE of timestamp")]
    [InlineData("replica")]
    public async Task whatever_is_added_to_a_sealed_month_is_accepted_and_unseals_it_at_once(string way)
    {
        await using var store = await ThreeSealedMonthsAsync();
        await store.ExecuteAsync("INSERT INTO mt_streams (id, version) VALUES (md5('late')::uuid, 0)");
        const string Into = "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)";
        var row = "SELECT 1000 + i, gen_random_uuid(), md5('late')::uuid, i, jsonb '1', 'late', "
            + $"timestamptz '{Month(-3):O}' FROM generate_series(1, 2) i";

        await (way switch
        {
            "INSERT" => store.ExecuteAsync($"{Into} {row}"),
            "INSERT, rolled back" => store.ExecuteAsync($"BEGIN; {Into} {row}; ROLLBACK"),
            "COPY" => CopyAsync(store),
            "UPDATE of seq_id" => store.ExecuteAsync("UPDATE mt_events SET seq_id = 1001 WHERE seq_id = 5"),
            "UPDATE of timestamp" => store.ExecuteAsync(
                $"UPDATE mt_events SET timestamp = '{Month(-3):O}' WHERE seq_id = 31"),
            _ => store.Superuser.ExecuteAsync(
                $"BEGIN; SET LOCAL session_replication_role = replica; {Into} {row}; COMMIT"),
        });

        (await store.LayoutAsync())[1].ShouldBe($"{MonthName(-3)} withdrawn");
        (await store.TablesReadAsync(Page)).ShouldContain(MonthName(-3));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("force_generic_plan")]
    [InlineData("force_custom_plan")]
    public async Task a_prepared_page_finds_the_late_event(string planCacheMode)
    {
        await using var store = await ThreeSealedMonthsAsync();
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await new NpgsqlCommand($"SET plan_cache_mode = {planCacheMode}", connection).ExecuteNonQueryAsync();
        await using var page = new NpgsqlCommand(
            "SELECT count(*) FROM mt_events WHERE seq_id > $1 AND seq_id <= $2", connection)
        {
            Parameters = { new NpgsqlParameter { Value = 40L }, new NpgsqlParameter { Value = 1000L } },
        };
        await page.PrepareAsync();
        for (var i = 0; i < 8; i++)
            (await page.ExecuteScalarAsync()).ShouldBe(0L);

        await store.AppendAsync(Month(-3));

        (await page.ExecuteScalarAsync()).ShouldBe(1L);
    }

    [Fact]
    public async Task a_withdrawal_moves_the_epoch_before_the_late_event_can_be_seen()
    {
        await using var store = await ThreeSealedMonthsAsync();
        var epoch = await store.ScalarAsync<long>("SELECT last_value FROM mt_partition_epoch");
        await using var writer = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await new NpgsqlCommand(
            "INSERT INTO mt_events (seq_id, id, version, data, type, timestamp) "
            + $"VALUES (99, gen_random_uuid(), 1, '1', 'late', '{Month(-3):O}')",
            writer).ExecuteNonQueryAsync();

        (await store.ScalarAsync<long>("SELECT last_value FROM mt_partition_epoch")).ShouldBe(epoch + 1);
        (await store.LayoutAsync())[1].ShouldEndWith("withdrawn");
    }

    [Fact]
    public async Task a_withdrawn_seal_is_renewed_with_the_new_range()
    {
        await using var store = await ThreeSealedMonthsAsync();
        var late = await store.AppendAsync(Month(-3));

        await SealAsync(store, MonthName(-3));

        var sealedMonth = (await new PartitionCatalog(store.DataSource, "public").ListAsync())[1];
        (sealedMonth.IsSealed, sealedMonth.FirstSequence, sealedMonth.LastSequence).ShouldBe((true, 1, late));
    }

    [Fact]
    public async Task a_claim_counts_only_once_it_is_validated()
    {
        await using var store = await ThreeSealedMonthsAsync();
        await store.AppendAsync(Month(-3));
        await store.ExecuteAsync($"SELECT mt_seal_partition('{MonthName(-3)}')");

        (await store.LayoutAsync())[1].ShouldEndWith("claimed");
        (await store.TablesReadAsync(Page)).ShouldContain(MonthName(-3));
    }

    [Fact]
    public async Task a_sequence_restored_from_another_database_makes_no_claim_stand()
    {
        await using var store = await ThreeSealedMonthsAsync();

        await store.ExecuteAsync($"SELECT setval('{MonthName(-3)}_claim', 11)");

        (await store.LayoutAsync())[1].ShouldEndWith("withdrawn");
    }

    [Fact]
    public async Task roles_that_may_only_read_or_insert_plan_and_write_as_before()
    {
        await using var store = await ThreeSealedMonthsAsync();
        var role = "r_" + Guid.NewGuid().ToString("N");
        await store.Superuser.ExecuteAsync(
            $"CREATE ROLE {role}; GRANT SELECT, INSERT ON mt_events TO {role}; "
            + $"GRANT SELECT, UPDATE ON mt_streams TO {role}; GRANT USAGE ON mt_events_sequence TO {role}");
        await store.ExecuteAsync("INSERT INTO mt_streams (id, version) VALUES (md5('late')::uuid, 0)");

        await store.Superuser.ExecuteAsync(
            $"""
             SET ROLE {role};
             SELECT * FROM mt_events WHERE seq_id > 15 AND seq_id <= 35;
             INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
             SELECT nextval('mt_events_sequence'), gen_random_uuid(), md5('late')::uuid, 1, '1', 'late', '{Month(-3):O}'
             """);

        (await store.LayoutAsync())[1].ShouldEndWith("withdrawn");
        await store.Superuser.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
    }

    [Fact]
    public async Task the_tail_and_what_is_not_a_partition_are_not_sealed()
    {
        await using var store = await StoreDatabase.CreateAsync();

        foreach (var name in (string[])["mt_events_tail", "mt_streams", "nothing"])
        {
            var error = await Should.ThrowAsync<PostgresException>(
                () => store.ExecuteAsync($"SELECT mt_seal_partition('{name}')"));
            error.SqlState.ShouldBe(PostgresErrorCodes.UndefinedTable);
        }
    }

    /// <summary>Sequences 1-10, 11-20, 21-30 in three sealed months, 31-40 in the current one.</summary>
    private static async Task<StoreDatabase> ThreeSealedMonthsAsync()
    {
        var store = await StoreDatabase.OfMonthsAsync(-3);
        for (var month = -3; month <= 0; month++)
            await store.AppendAsync(Month(month), 10);
        await SealAsync(store, "mt_events_head");
        for (var month = -3; month < 0; month++)
            await SealAsync(store, MonthName(month));
        return store;
    }

    private static async Task SealAsync(StoreDatabase store, string partition)
    {
        await store.ExecuteAsync($"SELECT mt_seal_partition('{partition}')");
        await store.ExecuteAsync($"ALTER TABLE {partition} VALIDATE CONSTRAINT mt_sealed");
    }

    private static async Task<int> CopyAsync(StoreDatabase store)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var copy = await connection.BeginTextImportAsync(
            "COPY mt_events (seq_id, id, stream_id, version, data, type, timestamp) FROM STDIN"))
        {
            var stream = new Guid(System.Security.Cryptography.MD5.HashData("late"u8), bigEndian: true);
            await copy.WriteLineAsync($"1001\t{Guid.NewGuid()}\t{stream}\t1\t1\tlate\t{Month(0):O}");
            await copy.WriteLineAsync($"1002\t{Guid.NewGuid()}\t{stream}\t2\t1\tlate\t{Month(-3):O}");
        }

        return 2;
    }
}
