using System.Text.RegularExpressions;
using MartenEventing.Events;
using MartenEventing.Maintenance;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport.House;
using MartenEventing.TestSupport.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Schema;

/// <summary>
/// What roles and databases set is theirs; what the functions and this library do is the same everywhere.
/// </summary>
public sealed partial class SettingsTests
{
    /// <summary>CST is read as American, whoever printed it: 14 hours from China.</summary>
    private static readonly string[] Shanghai = ["timezone = 'Asia/Shanghai'", "datestyle = 'SQL, MDY'"];

    private static readonly string[] Awkward =
    [
        .. Shanghai, "standard_conforming_strings = off", "quote_all_identifiers = on", "intervalstyle = sql_standard",
        "extra_float_digits = -15",
    ];

    [Theory]
    [InlineData(PartitionPeriod.Day)]
    [InlineData(PartitionPeriod.Week)]
    [InlineData(PartitionPeriod.Month)]
    [InlineData(PartitionPeriod.Quarter)]
    [InlineData(PartitionPeriod.Year)]
    public async Task functions_called_from_psql_make_partitions_of_whole_periods_in_UTC(PartitionPeriod period)
    {
        var since = period == PartitionPeriod.Day ? "10 days" : "70 days";
        await using var database = await TestDatabase.CreateAsync();
        await database.SetAsync(Awkward);
        await Psql.RunAsync(
            database.ConnectionString, SchemaMigrator.Script(new SchemaOptions { Period = period }));

        await Psql.RunAsync(
            database.ConnectionString,
            $"""
             SELECT create_monthly_partition('{Month(5):yyyy-MM-dd}');
             SELECT mt_provision_history('{period.SqlName()}', now() - interval '{since}');
             SELECT * FROM ensure_event_store_partition('a', 7, NULL);
             SELECT * FROM ensure_event_store_partitions_for_all(8, NULL);
             """);

        var bounds = await BoundsAsync(database.DataSource, "mt_events");
        bounds.Count.ShouldBeGreaterThan(period == PartitionPeriod.Year ? 2 : 4);
        bounds.ShouldAllBe(bound => bound.TimeOfDay == TimeSpan.Zero);
        (await GapsAsync(database.DataSource, "mt_events")).ShouldBe(0);
        await database.DataSource.AppendAsync(Guid.NewGuid(), bounds[1].AddHours(-10), 1);
        await database.DataSource.AppendAsync(Guid.NewGuid(), bounds[1].AddHours(10), 1);
        await Psql.RunAsync(database.ConnectionString, "SELECT * FROM drop_old_partitions(1); SELECT mt_settle();");
        (await BoundsAsync(database.DataSource, "mt_events")).ShouldAllBe(bound => bound.TimeOfDay == TimeSpan.Zero);
    }

    [Fact]
    public void no_function_writes_a_backslash_that_standard_conforming_strings_could_take_for_an_escape() =>
        Directory.EnumerateFiles(Repository.Below("db"), "mt_*.sql", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file)))
            .Where(file => file.Text.Split('\n').Any(
                line => !line.StartsWith("--", StringComparison.Ordinal) && line.Contains('\\')))
            .Where(file => !file.Text.Contains("SET standard_conforming_strings = on", StringComparison.Ordinal))
            .Select(file => file.Name).ShouldBeEmpty();

    [Fact]
    public async Task partitions_of_a_tenant_are_made_so_too()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SetAsync(Awkward);
        await new SchemaMigrator(database.DataSource, new SchemaOptions
        {
            Tenancy = EventTenancy.Conjoined, PartitionByTenant = true,
        }).ApplyAsync();

        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await source.AppendAsync(Guid.NewGuid(), Month(0).AddHours(-3), 2, tenant: @"a\b'c");
        await source.AppendAsync(Guid.NewGuid(), Month(1).AddHours(11), 2, tenant: @"a\b'c");
        await source.ExecuteAsync("SELECT * FROM ensure_event_store_partition($1, 6, NULL)", @"a\b'c");
        (await new MaintenancePass(source, "public").RunAsync()).IsIncomplete.ShouldBeFalse();

        (await source.ScalarAsync<long>("SELECT count(*) FROM pg_inherits WHERE inhparent = 'mt_events'::regclass"))
            .ShouldBe(2);
        var part = await source.ScalarAsync<string>("SELECT part::text FROM mt_tenants() WHERE tenant = $1", @"a\b'c");
        (await BoundsAsync(source, part)).ShouldAllBe(bound => bound.TimeOfDay == TimeSpan.Zero);
        (await GapsAsync(source, part)).ShouldBe(0);
    }

    [Fact]
    public async Task a_schema_is_applied_whatever_the_database_has_set()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SetAsync([.. Awkward, "default_transaction_read_only = on"]);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var migrator = new SchemaMigrator(source, new SchemaOptions());

        await migrator.ApplyAsync();

        (await migrator.ApplyAsync()).Applied.ShouldBeEmpty();
        (await BoundsAsync(source, "mt_events")).ShouldAllBe(bound => bound.TimeOfDay == TimeSpan.Zero);
    }

    [Fact]
    public async Task hours_of_recent_activity_begin_on_the_hour_in_UTC()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.AppendAsync(DateTimeOffset.UtcNow.AddMinutes(-1));
        await store.ExecuteAsync(
            "ALTER ROLE CURRENT_USER IN DATABASE " + await store.ScalarAsync<string>("SELECT current_database()")
            + " SET timezone = 'Asia/Kathmandu'");
        await using var source = NpgsqlDataSource.Create(store.ConnectionString);

        (await new StoreUpkeep(source, "public").ReadRecentActivityAsync()).Single().Hour.Minute.ShouldBe(0);
        (await source.ScalarAsync<DateTime>("SELECT hour FROM event_store_recent_activity")).Minute.ShouldBe(0);
    }

    [Fact]
    public async Task TRUNCATE_CASCADE_of_streams_takes_events_along_whatever_a_backslash_means()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.AppendAsync(Month(0));
        await using var source = NpgsqlDataSource.Create(
            store.ConnectionString + ";Options=-c standard_conforming_strings=off");

        await source.ExecuteAsync("TRUNCATE mt_streams CASCADE");

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(0);
    }

    [Fact]
    public async Task a_role_whose_transactions_are_read_only_and_serializable_by_default_may_maintain()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.SetAsync("default_transaction_read_only = on", "default_transaction_isolation = serializable");
        await new SchemaMigrator(database.DataSource, new SchemaOptions()).ApplyAsync();

        (await new MaintenancePass(database.DataSource, "public").RunAsync()).IsIncomplete.ShouldBeFalse();
        var holds = new LegalHolds(database.DataSource);
        (await holds.LiftAsync((await holds.HoldTenantAsync("a", "a suit")).Id)).ShouldBeTrue();
        var error = await Should.ThrowAsync<PostgresException>(() => new PostgresEventStore(database.DataSource)
            .AppendAsync(new StreamId(Guid.NewGuid()), ExpectedVersion.NoStream, [new NewEvent("scanned", "{}")]));
        error.SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
    }

    [Fact]
    public async Task the_pool_gets_its_settings_back()
    {
        await using var database = await StoreDatabase.CreateAsync();
        const string All =
            "SELECT name || ' ' || setting FROM pg_settings WHERE name NOT LIKE 'transaction%' ORDER BY name";
        foreach (var pooled in (string[])["", ";No Reset On Close=true"])
        {
            await using var source = NpgsqlDataSource.Create(
                database.ConnectionString + ";Maximum Pool Size=1" + pooled
                + ";Options=-c timezone=Asia/Shanghai -c statement_timeout=77s -c default_transaction_read_only=on");
            var expected = await source.ColumnAsync<string>(All);

            foreach (var open in (Func<Task<PinnedConnection>>[])
            [
                () => PinnedConnection.OpenAsync(source, default), () => PinnedConnection.BeginAsync(source, default),
                () => PinnedConnection.ReadAsync(source, default),
            ])
            {
                await using (var pinned = await open())
                {
                    await using var command = new NpgsqlCommand(
                        "SELECT concat_ws(' ', current_setting('timezone'), current_setting('statement_timeout'))",
                        pinned.Connection);
                    (await command.ExecuteScalarAsync()).ShouldBe("UTC 0");
                }

                (await source.ColumnAsync<string>(All)).ShouldBe(expected);
            }
        }
    }

    [Fact]
    public async Task what_only_reads_cannot_write_and_what_writes_asks_for_it()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(
            database.ConnectionString
                + ";Options=-c default_transaction_read_only=on -c default_transaction_isolation=serializable");

        await using (var reading = await PinnedConnection.ReadAsync(source, default))
            (await Should.ThrowAsync<PostgresException>(() => RunAsync(reading))).SqlState
                .ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
        await using (var writing = await PinnedConnection.BeginAsync(source, default))
            await RunAsync(writing);
        await using (var session = await PinnedConnection.OpenAsync(source, default))
            await RunAsync(session);

        static async Task RunAsync(PinnedConnection pinned)
        {
            await using var command = new NpgsqlCommand(
                "DELETE FROM public.mt_streams; SELECT current_setting('transaction_isolation')", pinned.Connection);
            (await command.ExecuteScalarAsync()).ShouldBe("read committed");
        }
    }

    /// <summary>
    /// Who makes text of a value, or a value of text, says how (or is called by such only); and a backslash in a
    /// literal means what it says only where standard_conforming_strings is pinned.
    /// </summary>
    [Fact]
    public async Task functions_that_pass_values_through_text_pin_how()
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            "SELECT proname::text, prosrc, coalesce(array_to_string(proconfig, ' '), '') FROM pg_proc WHERE " +
            "pronamespace = 'public'::regnamespace",
            connection);
        var functions = new List<(string Name, string Body, string Settings)>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                functions.Add((reader.GetString(0), Comment().Replace(reader.GetString(1), ""), reader.GetString(2)));
        }

        bool Pins((string Name, string Body, string Settings) function, string setting) =>
            function.Settings.Contains(setting, StringComparison.OrdinalIgnoreCase)
            || (functions.Where(other =>
                other.Name != function.Name && other.Body.Contains($".{function.Name}(", StringComparison.Ordinal))
                    .ToList() is { Count: > 0 } callers
                && callers.TrueForAll(caller => Pins(caller, setting)));

        functions.Count.ShouldBeGreaterThan(150);
        functions.Where(function => InText().IsMatch(function.Body) && !Pins(function, "timezone=")
            && !Pins(function, "standard_conforming_strings="))
            .Select(function => function.Name).Except(OfNames).ShouldBeEmpty();
        functions.Where(function => Deparsing().IsMatch(function.Body) && !Pins(function, "quote_all_identifiers="))
            .Select(function => function.Name).Except(OfTenants).ShouldBeEmpty();
        functions.Where(function =>
            function.Body.Contains('\\', StringComparison.Ordinal) && !Pins(function, "standard_conforming_strings="))
            .Select(function => function.Name).ShouldBeEmpty();
    }

    /// <summary>
    /// What they print are names, comments, bodies of functions; and mt_vouched reads what mt_attach_leaf has printed.
    /// </summary>
    private static readonly string[] OfNames =
        ["mt_seal_partition", "mt_role_rights", "mt_install_dual_write", "mt_create_tenant"];

    /// <summary>They look at the text of a literal alone.</summary>
    private static readonly string[] OfTenants =
        ["mt_holds_tenant", "mt_tenant_table", "mt_tenants"];

    [GeneratedRegex(
        @"%[0-9$]*L\b|quote_literal|pg_get_|date_trunc\('\w+', (?!\w+ AT TIME ZONE 'UTC')|(?:bound|at|time)::text")]
    private static partial Regex InText();

    [GeneratedRegex(@"pg_get_(expr|constraintdef|indexdef|triggerdef|partition_constraintdef)")]
    private static partial Regex Deparsing();

    [GeneratedRegex("--.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    /// <summary>All finite bounds, in UTC.</summary>
    private static async Task<List<DateTime>> BoundsAsync(NpgsqlDataSource source, string table) =>
        await source.ColumnAsync<DateTime>(
        """
        SELECT lower_bound FROM mt_partitions_of($1::regclass) WHERE isfinite(lower_bound)
         UNION SELECT upper_bound FROM mt_partitions_of($1::regclass) WHERE isfinite(upper_bound) ORDER BY 1
        """, table);

    private static async Task<long> GapsAsync(NpgsqlDataSource source, string table) => await source.ScalarAsync<long>(
        """
        SELECT count(*) FROM (SELECT upper_bound, lead(lower_bound, 1, 'infinity') OVER (ORDER BY lower_bound) AS next
                                FROM mt_partitions_of($1::regclass)) p WHERE p.upper_bound <> p.next
        """, table);
}
