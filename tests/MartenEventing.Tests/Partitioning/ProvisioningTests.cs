using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Partitioning;

public sealed class ProvisioningTests
{
    private const string Provision = "SELECT mt_provision_partitions('month', 3, $1)";

    [Fact]
    public async Task months_are_made_ahead_once()
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await store.ColumnAsync<string>(Provision, Month(2))).ShouldBe([MonthName(4), MonthName(5)]);
        (await store.ColumnAsync<string>(Provision, Month(2))).ShouldBeEmpty();

        var partitions = await new PartitionCatalog(store.DataSource, "public").ListAsync();
        partitions.Select(p => p.Kind).ShouldBe(
            [PartitionKind.Head, .. Enumerable.Repeat(PartitionKind.Period, 6), PartitionKind.Tail]);
        partitions.Zip(partitions.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From);
        partitions[^1].From.ShouldBe(Month(6));
    }

    [Fact]
    public async Task events_lie_in_the_partition_of_their_timestamp()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var instant = Month(1).AddTicks(-10);

        (await store.PartitionOfAsync(await store.AppendAsync(instant))).ShouldBe(MonthName(0));
        (await store.PartitionOfAsync(await store.AppendAsync(Month(1), 3))).ShouldBe(MonthName(1));
        (await store.PartitionOfAsync(await store.AppendAsync(DateTimeOffset.UnixEpoch))).ShouldBe("mt_events_head");
        var farAhead = new DateTimeOffset(2099, 6, 1, 0, 0, 0, TimeSpan.Zero);
        (await store.PartitionOfAsync(await store.AppendAsync(farAhead))).ShouldBe("mt_events_tail");
    }

    [Fact]
    public async Task a_tail_with_events_becomes_an_ordinary_partition_and_no_row_moves()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.FillAsync(Month(4), TimeSpan.FromHours(1), 14 * 30 * 24);
        var late = await store.AppendAsync(new DateTimeOffset(2099, 6, 1, 0, 0, 0, TimeSpan.Zero));
        await store.ExecuteAsync(
            "CREATE TABLE sample AS SELECT ctid AS tid, seq_id FROM mt_events WHERE seq_id <> " + late);

        var made = await store.ColumnAsync<string>(Provision, Month(17));

        var wide = $"mt_events_m{Month(4):yyyyMM}_to_m{Month(17):yyyyMM}";
        made.ShouldBe([wide, MonthName(18), MonthName(19), MonthName(20)]);
        (await store.ScalarAsync<long>(
            $"SELECT count(*) FROM sample s JOIN {wide} e ON e.ctid = s.tid AND e.seq_id = s.seq_id"))
            .ShouldBe(14 * 30 * 24);
        (await store.PartitionOfAsync(late)).ShouldBe("mt_events_tail");
        (await store.ColumnAsync<string>(
            $"SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = '{wide}'::regclass ORDER BY 1"))
            .ShouldBe([$"{wide}_pkey", $"{wide}_stream_id_version_idx", $"{wide}_timestamp_idx"]);
    }

    [Fact]
    public async Task absorbing_does_not_scan_the_tail_under_the_lock()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.FillAsync(Month(4), TimeSpan.FromHours(1), 100);
        var notices = new List<string>();
        await using var connection = await store.DataSource.OpenConnectionAsync();
        connection.Notice += (_, notice) => notices.Add(notice.Notice.MessageText);
        await using var command = new NpgsqlCommand(
            $"SET client_min_messages = debug1; SELECT mt_provision_partitions('month', 3, '{Month(5):O}')",
            connection);

        await command.ExecuteNonQueryAsync();

        notices.ShouldContain($"partition constraint for table \"{MonthName(4)}\" is implied by existing constraints");
        notices.ShouldNotContain($"verifying table \"{MonthName(4)}\"");
    }

    [Fact]
    public async Task many_events_beyond_the_horizon_stay_where_they_are_and_the_partition_reaches_over_them()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.AppendAsync(Month(4));
        await store.FillAsync(Month(30), TimeSpan.Zero, 10_001);

        var made = await store.ColumnAsync<string>(Provision, Month(5));

        made.ShouldBe([$"mt_events_m{Month(4):yyyyMM}_to_m{Month(30):yyyyMM}"]);
        (await store.LayoutAsync())[^1].ShouldBe("mt_events_tail open");
        (await store.ScalarAsync<long>($"SELECT count(*) FROM {made[0]}")).ShouldBe(10_002);
        await store.AppendAsync(Month(31));
    }

    [Fact]
    public async Task an_event_at_infinity_is_accepted_and_stays_in_the_tail()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.AppendAsync(Month(4));
        await store.ExecuteAsync("UPDATE mt_events SET timestamp = 'infinity'");
        await store.AppendAsync(Month(4));

        (await store.ColumnAsync<string>(Provision, Month(4))).ShouldContain(MonthName(4));

        (await store.ScalarAsync<string>("SELECT tableoid::regclass::text FROM mt_events WHERE timestamp = 'infinity'"))
            .ShouldBe("mt_events_tail");
    }

    [Fact]
    public async Task the_period_may_change_between_passes()
    {
        await using var store = await StoreDatabase.CreateAsync(period: PartitionPeriod.Quarter);
        var quarter = PartitionCalendar.StartOf(DateTimeOffset.UtcNow, PartitionPeriod.Quarter).AddMonths(12);

        await store.ExecuteAsync("SELECT mt_provision_partitions('week', 0, $1)", quarter);
        await store.ExecuteAsync("SELECT mt_provision_partitions('year', 1, $1)", quarter);

        var partitions = await new PartitionCatalog(store.DataSource, "public").ListAsync();
        partitions.Zip(partitions.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From);
        partitions.Select(p => p.Period).Distinct().ShouldBe(
            [null, PartitionPeriod.Quarter, PartitionPeriod.Week, PartitionPeriod.Year]);
        partitions[^1].From.ShouldBe(new DateTimeOffset(quarter.Year + 2, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task partitions_belong_to_the_owner_of_the_store_and_nobody_else_has_rights_on_them()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var role = "r_" + Guid.NewGuid().ToString("N");
        await store.Superuser.ExecuteAsync(
            $"CREATE ROLE {role}_owner; CREATE ROLE {role}_reader; ALTER TABLE mt_events OWNER TO {role}_owner; "
            + $"GRANT CREATE, USAGE ON SCHEMA public TO {role}_owner; GRANT SELECT ON mt_events TO {role}_reader");

        await store.Superuser.ExecuteAsync(Provision, Month(1));
        await store.Superuser.ExecuteAsync($"SELECT mt_seal_partition('{MonthName(4)}')");

        (await store.ColumnAsync<string>(
            $"SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relname LIKE '{MonthName(4)}%'"))
            .ShouldBe([$"{role}_owner"]);
        (await store.ScalarAsync<bool>(
            "SELECT has_table_privilege($1, $2, 'SELECT')", $"{role}_reader", MonthName(4))).ShouldBeFalse();
        await store.Superuser.ExecuteAsync(
            $"REASSIGN OWNED BY {role}_owner TO CURRENT_USER; DROP OWNED BY {role}_owner, {role}_reader; "
            + $"DROP ROLE {role}_owner, {role}_reader");
    }

    [Theory]
    [InlineData("SELECT mt_provision_partitions('fortnight')", "22023")]
    [InlineData("SELECT mt_provision_partitions('month', -1)", "22023")]
    [InlineData("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT mt_provision_partitions('month', 9)", "25001")]
    [InlineData("DROP TABLE mt_events_tail; SELECT mt_provision_partitions('month', 9)", "55000")]
    public async Task what_cannot_be_done_is_refused_by_its_sqlstate(string sql, string sqlState)
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await Should.ThrowAsync<PostgresException>(() => store.ExecuteAsync(sql))).SqlState.ShouldBe(sqlState);
    }

    [Fact]
    public async Task waiting_for_two_locks_takes_no_longer_than_for_one()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var reader = await store.DataSource.OpenConnectionAsync();
        await using var reading = await reader.BeginTransactionAsync();
        await new NpgsqlCommand("SELECT FROM mt_events_tail", reader).ExecuteNonQueryAsync();

        var error = await Should.ThrowAsync<PostgresException>(() => store.ExecuteAsync(
            $"SET lock_timeout = '200ms'; SELECT mt_provision_partitions('month', 3, '{Month(2):O}')"));

        error.SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        (await store.LayoutAsync()).Count.ShouldBe(6);
    }

    [Fact]
    public async Task partitions_are_made_after_a_column_was_dropped()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("ALTER TABLE mt_events DROP COLUMN user_name");

        await store.ExecuteAsync("SELECT mt_provision_partitions('month', 5)");

        (await store.LayoutAsync()).Count.ShouldBe(8);
    }
}
