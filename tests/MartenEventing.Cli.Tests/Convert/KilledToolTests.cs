using System.Diagnostics;
using MartenEventing.Conversion;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using MartenEventing.TestSupport;

namespace MartenEventing.Cli.Tests.Convert;

/// <summary>
/// kill -9 of the real tool, just after it has sent a statement and before it hears what came of it: one of those that
/// change most or, with MARTEN_EVENTING_FULL, each that a command consists of.
/// </summary>
public sealed class KilledToolTests(ITestOutputHelper output)
{
    private static readonly string[] Share =
    [
        "mt_events_conversion_key ON", "SELECT \"public\".mt_attach_plain(", "FROM \"public\".mt_split_head(",
        "FROM \"public\".mt_merge_into_head(", "SELECT \"public\".mt_detach_plain(",
        "SELECT \"public\".mt_cancel_preparation(", "COMMIT of SELECT \"public\".mt_attach_plain(",
        "COMMIT of FROM \"public\".mt_merge_into_head(", "COMMIT of SELECT \"public\".mt_detach_plain(",
    ];

    private static readonly string[] Others =
    [
        "INSERT INTO \"public\".mt_conversion", "VALIDATE CONSTRAINT", "COMMIT of FROM \"public\".mt_split_head(",
        "mt_events_conversion_brin ON", "mt_events_conversion_time ON", "SELECT \"public\".mt_prepare_conversion(",
        "SELECT \"public\".mt_settle_streams(", "OWNED BY NONE", "OWNED BY \"public\"", "ANALYZE",
        "DROP INDEX CONCURRENTLY",
        "UPDATE \"public\".mt_conversion", "mt_events_conversion_seq ON", "ADD CONSTRAINT",
        "COMMIT of SELECT \"public\".mt_prepare_conversion(",
    ];

    private static readonly string[] FirstAndLastMoments =
        ["CREATE OR REPLACE FUNCTION", "DROP FUNCTION", "DROP TABLE"];

    private static readonly ConversionOptions Quick = new()
    {
        LockBackOff = TimeSpan.FromMilliseconds(5), BatchShare = 1,
    };

    private readonly HashSet<string> _killedAt = [];

    [Fact]
    public async Task wherever_start_split_complete_and_the_ways_back_are_killed_the_next_call_continues_or_undoes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await new SchemaMigrator(database.DataSource, new SchemaOptions { Layout = StoreLayout.Plain }).ApplyAsync();
        await KillEverywhereAsync(
            database,
            Effort.IsFull ? [.. Share, .. Others] : Share,
            (["start", "--yes"], "plain", c => c.StartAsync()),
            (["split", "--share", "100"], "attached", c => c.SplitAsync()),
            (["complete", "--yes"], "attached", c => c.CompleteAsync()),
            (["rollback", "--yes", "--share", "100"], "attached", c => c.RollbackAsync()),
            (["rollback", "--yes"], "preparing", c => c.RollbackAsync()),
            (["revert", "--yes", "--share", "100"], "completed", c => c.RevertAsync()));
    }

    [Fact]
    public async Task nor_do_its_first_and_last_steps_leave_half_of_what_it_brings()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.DataSource.ExecuteAsync(PlainSchema.Text);
        await KillEverywhereAsync(
            database,
            FirstAndLastMoments,
            (["start", "--yes"], "plain", c => c.StartAsync()),
            (["rollback", "--yes", "--share", "100"], "attached", c => c.RollbackAsync()));

        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM pg_proc WHERE proname LIKE 'mt\\_%'"))
            .ShouldBe(0);
        (await database.DataSource.ColumnAsync<string>(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"))
            .ShouldBe(
            [
                "mt_event_progression", "mt_event_projection_floors", "mt_event_tag_parcel", "mt_events", "mt_streams",
            ]);
    }

    private async Task KillEverywhereAsync(
        TestDatabase database, string[] moments,
        params (string[] Arguments, string Begins, Func<StoreConversion, Task> Call)[] commands)
    {
        await FillAsync(database);
        var hash = await HashAsync(database);
        foreach (var (arguments, begins, call) in commands)
        {
            for (string? moment = ""; moment is not null;)
            {
                await BringToAsync(database, begins);
                moment = await RunAndKillAsync(database, arguments, moments);
                (await HashAsync(database)).ShouldBe(hash, moment);
                if (moment is not null)
                    await WhenFreeAsync(database, call);
                (await HashAsync(database)).ShouldBe(hash, moment);
            }
        }

        _killedAt.ShouldBe(moments, ignoreOrder: true);
        await WhenFreeAsync(database, c => c.RevertAsync());
        (await HashAsync(database)).ShouldBe(hash);
    }

    /// <summary>
    /// Kills the tool at the first moment at which it was not killed yet; null when it came to its end.
    /// </summary>
    private async Task<string?> RunAndKillAsync(TestDatabase database, string[] arguments, string[] moments)
    {
        var started = new TaskCompletionSource<Process>();
        string? at = null;
        var last = "";
        await using var proxy = new ListeningProxy(database.ConnectionString, text =>
        {
            var moment = MomentOf(text, last, moments);
            last = moment ?? last;
            if (at is null && moment is not null && _killedAt.Add(moment))
            {
                at = moment;
                started.Task.Result.Kill();
            }
        });
        using var process = Executable.Start(proxy.ConnectionString, ["convert", .. arguments]);
        started.SetResult(process);
        var run = await process.EndAsync();
        output.WriteLine($"{arguments[0]}: {at ?? "went through"}");
        run.ExitCode.ShouldBe(at is null ? ExitCode.Done : 128 + 9, run.Error);
        return at;
    }

    private static string? MomentOf(string text, string last, string[] moments) =>
        text.Contains("COMMIT", StringComparison.Ordinal)
            ? moments.FirstOrDefault(each => each == "COMMIT of " + last)
            : moments.FirstOrDefault(each => text.Contains(each, StringComparison.Ordinal));

    private static async Task BringToAsync(TestDatabase database, string state)
    {
        await WhenFreeAsync(database, c => c.RevertAsync());
        if (state is "attached" or "completed")
            await WhenFreeAsync(database, c => c.StartAsync());
        if (state == "completed")
            await WhenFreeAsync(database, c => c.CompleteAsync());
        if (state != "preparing")
            return;
        var conversion = new StoreConversion(database.DataSource, options: Quick with { GiveUpAfter = TimeSpan.Zero });
        await using var holder = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var command = holder.CreateCommand())
        {
            command.CommandText = "LOCK TABLE mt_streams IN ACCESS SHARE MODE";
            await command.ExecuteNonQueryAsync();
        }

        await Should.ThrowAsync<GaveUpWaitingException>(() => conversion.StartAsync());
    }

    /// <summary>Calls once the server has noticed that the tool is dead.</summary>
    private static async Task WhenFreeAsync(TestDatabase database, Func<StoreConversion, Task> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await call(new StoreConversion(database.DataSource, options: Quick));
                return;
            }
            catch (ConversionBusyException) when (attempt < 400)
            {
                await Task.Delay(25);
            }
        }
    }

    private static async Task FillAsync(TestDatabase database)
    {
        await database.DataSource.ExecuteAsync(
            """
            INSERT INTO mt_streams (id, version) SELECT gen_random_uuid(), 6 FROM generate_series(1, 20);
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, v, '1', 'scanned',
                   now() - v * interval '20 days'
              FROM mt_streams, generate_series(1, 6) v;
            CREATE TABLE mt_event_tag_parcel (value uuid, seq_id bigint
                REFERENCES mt_events (seq_id) ON DELETE CASCADE);
            """);
    }

    private static Task<string> HashAsync(TestDatabase database) => database.DataSource.ScalarAsync<string>(
        "SELECT md5(string_agg(e::text, ',' ORDER BY e.seq_id)) FROM mt_events e");
}
