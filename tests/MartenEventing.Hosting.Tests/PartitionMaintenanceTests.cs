using MartenEventing.Retention;
using MartenEventing.TestSupport.Partitioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MartenEventing.Hosting.Tests;

public sealed class PartitionMaintenanceTests
{
    [Fact]
    public async Task the_first_pass_begins_when_the_host_starts_and_another_follows_after_the_interval()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var time = new ManualTime(SampleEvents.Month(2).AddDays(9));
        using var host = Host(store.DataSource, time);
        await host.StartAsync();
        await UntilAsync(async () => await CountAsync(store) == 8, time, TimeSpan.Zero);

        time.Advance(TimeSpan.FromDays(31));
        await UntilAsync(async () => await CountAsync(store) == 9, time, TimeSpan.FromMinutes(10));

        await host.StopAsync();
    }

    [Fact]
    public async Task a_failed_pass_is_logged_and_the_next_one_succeeds()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("ALTER FUNCTION mt_maintenance_lock() RENAME TO hidden");
        var time = new ManualTime(SampleEvents.Month(1).AddDays(9));
        var log = new FailureLog();
        using var host = Host(store.DataSource, time, log);
        await host.StartAsync();
        await UntilAsync(() => Task.FromResult(log.Failures > 0), time, TimeSpan.Zero);

        await store.ExecuteAsync("ALTER FUNCTION hidden() RENAME TO mt_maintenance_lock");
        await UntilAsync(async () => await CountAsync(store) == 7, time, TimeSpan.FromMinutes(10));

        await host.StopAsync();
    }

    [Fact]
    public async Task an_option_out_of_range_stops_the_host_from_starting()
    {
        await using var source = NpgsqlDataSource.Create("Host=nowhere");
        using var host = Host(source, TimeProvider.System, configure: options =>
        {
            options.Interval = TimeSpan.Zero;
            options.Partitions = options.Partitions with { PeriodsAhead = -1 };
        });

        var error = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync());

        error.Failures.ShouldBe(
        [
            "PartitionMaintenanceOptions.Interval is \"00:00:00\". Allowed: 00:00:01 to 7.00:00:00.",
            "PartitionOptions.PeriodsAhead is \"-1\". Allowed: 0 to 1000. (Parameter 'PeriodsAhead')",
        ]);
    }

    [Fact]
    public async Task retention_runs_when_the_host_starts_and_again_after_its_interval()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(
            """
            INSERT INTO mt_streams (id, version) VALUES (gen_random_uuid(), 0);
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '1', 'a', now() FROM mt_streams
            """);
        var time = new ManualTime(SampleEvents.Month(1).AddDays(9));
        using var host = Host(store.DataSource, time, configure: options =>
            options.Retention = new RetentionOptions { OlderThan = RetentionAge.Parse("2mo") });
        await host.StartAsync();
        time.Advance(TimeSpan.FromDays(65));

        await UntilAsync(
            async () => await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams") == 0, time,
            TimeSpan.FromHours(3));

        await host.StopAsync();
    }

    [Fact]
    public async Task stopping_the_host_does_not_wait_for_a_lock()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var reader = await store.DataSource.OpenConnectionAsync();
        await using var reading = await reader.BeginTransactionAsync();
        await new NpgsqlCommand("SELECT FROM mt_events", reader).ExecuteNonQueryAsync();
        using var host = Host(store.DataSource, new TestClock(SampleEvents.Month(1).AddDays(9)), configure: options =>
            options.Partitions = options.Partitions with { LockTimeout = TimeSpan.FromMinutes(1) });
        await host.StartAsync();
        await UntilAsync(async () => await store.ScalarAsync<long>(
            "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            + "WHERE d.datname = current_database() AND NOT l.granted") == 1);

        await host.StopAsync();

        (await CountAsync(store)).ShouldBe(6);
    }

    private static IHost Host(
        NpgsqlDataSource source,
        TimeProvider time,
        FailureLog? log = null,
        Action<PartitionMaintenanceOptions>? configure = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton(source).AddSingleton(time).AddPartitionMaintenance(configure);
        if (log is not null)
            builder.Logging.AddProvider(log);
        return builder.Build();
    }

    private static Task<long> CountAsync(StoreDatabase store) =>
        store.ScalarAsync<long>("SELECT count(*) FROM mt_partitions()");

    private static async Task UntilAsync(Func<Task<bool>> condition, ManualTime? time = null, TimeSpan step = default)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            time?.Advance(step);
            await Task.Delay(10, limit.Token);
        }
    }

    private sealed class FailureLog : ILoggerProvider, ILogger
    {
        private int _failures;

        public int Failures => Volatile.Read(ref _failures);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
                Interlocked.Increment(ref _failures);
        }

        public void Dispose()
        {
        }
    }
}
