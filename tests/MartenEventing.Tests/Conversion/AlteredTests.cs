using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;

namespace MartenEventing.Tests.Conversion;

/// <summary>mt_events is altered while a conversion is broken off.</summary>
public sealed class AlteredTests
{
    public static TheoryData<string> Changes =>
    [
        "ADD COLUMN amount int NOT NULL DEFAULT 7", "DROP COLUMN user_name", "RENAME COLUMN user_name TO clerk",
        "ALTER COLUMN user_name TYPE text", "ALTER COLUMN user_name SET DEFAULT 'nobody'",
        "ADD CONSTRAINT sane CHECK (version > 0)",
    ];

    [Theory, MemberData(nameof(Changes))]
    public async Task by_attaching_it_goes_on_with_the_table_as_it_is_now(string change)
    {
        await using var store = await PlainStore.CreateAsync(200);
        await BreakOffAsync(store, PlainStore.Options, "swap");
        await store.Database.ExecuteAsync($"ALTER TABLE mt_events {change}");
        var hash = await store.HashAsync();
        var columns = await ColumnsAsync(store);

        await store.Conversion().StartAsync();
        await store.Conversion().SplitAsync();

        (await store.HashAsync()).ShouldBe(hash);
        (await ColumnsAsync(store)).ShouldBe(columns);
    }

    [Theory, MemberData(nameof(Changes))]
    public async Task by_copying_it_says_what_has_been_altered_and_what_to_do(string change)
    {
        await using var store = await PlainStore.CreateAsync(200);
        await BreakOffAsync(store, PlainStore.Shadow, "verify");
        await store.Database.ExecuteAsync($"ALTER TABLE mt_events {change}");
        var hash = await store.HashAsync();

        var error = await Should.ThrowAsync<ConversionStateException>(
            () => store.Conversion(PlainStore.Shadow).StartAsync());

        error.Message.ShouldContain("mt_events has been altered since its copy was made: ");
        (await store.HashAsync()).ShouldBe(hash);
    }

    private static async Task BreakOffAsync(PlainStore store, ConversionOptions options, string before) =>
        await Should.ThrowAsync<IOException>(() => store.Conversion(options, (step, moment) =>
            (step, moment) == (before, StepMoment.Before) ? throw new IOException("broken off") : Task.CompletedTask)
                .StartAsync());

    private static Task<List<string>> ColumnsAsync(PlainStore store) => store.Database.ColumnAsync<string>(
        """
        SELECT concat(a.attname, ' ', format_type(a.atttypid, a.atttypmod), ' ', a.attnotnull,
                      CASE WHEN a.attname <> 'timestamp' THEN pg_get_expr(d.adbin, d.adrelid) END)
          FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = 'mt_events'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname
        """);
}
