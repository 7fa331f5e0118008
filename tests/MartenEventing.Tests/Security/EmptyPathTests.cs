using MartenEventing.LocalPostgres;

namespace MartenEventing.Tests.Security;

/// <summary>
/// Sessions whose search_path is empty, as that of every pg_restore is, on a store however it came to be.
/// </summary>
public sealed class EmptyPathTests
{
    private const string Writes =
        """
        SET search_path = '';
        INSERT INTO public.mt_streams (id, version) VALUES ('0193c1a0-0000-7000-8000-000000000009', 1);
        INSERT INTO public.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        VALUES (nextval('public.mt_events_sequence'), gen_random_uuid(), '0193c1a0-0000-7000-8000-000000000009', 1,
            '{}', 'a', '2020-01-01Z'),
               (nextval('public.mt_events_sequence'), gen_random_uuid(), '0193c1a0-0000-7000-8000-000000000009', 2,
                   '{}', 'a', now());
        UPDATE public.mt_streams SET version = 2 WHERE id = '0193c1a0-0000-7000-8000-000000000009';
        UPDATE public.mt_events SET timestamp = '2021-01-01Z' WHERE stream_id = '0193c1a0-0000-7000-8000-000000000009'
            AND version = 2;
        DELETE FROM public.mt_events WHERE stream_id = '0193c1a0-0000-7000-8000-000000000001';
        DELETE FROM public.mt_streams WHERE id = '0193c1a0-0000-7000-8000-000000000001';
        SELECT count(*) FROM public.mt_events;
        """;

    private const string Upkeep =
        """
        SET search_path = '';
        SELECT count(*) > 0 FROM public.mt_provision_partitions('month', 7);
        SELECT count(*) > 0 FROM public.mt_partitions();
        SELECT public.mt_settle();
        """;

    [Theory, EveryMaking]
    public async Task writes_and_is_looked_after(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);

        var told = await Psql.RunAsync(store.ConnectionString, Writes);
        if (making is not (Making.ConvertedByCopy or Making.ByTenant))
            await Psql.RunAsync(store.ConnectionString, Upkeep);

        told.ShouldContain("\n     4\n");
        (await store.Owner.ScalarAsync<long>("SELECT count(*) FROM mt_stream_bounds")).ShouldBe(1);
    }

    [Theory]
    [InlineData(Making.Applied)]
    [InlineData(Making.ByPsql)]
    [InlineData(Making.Converted)]
    [InlineData(Making.ByTenant)]
    public async Task a_dump_that_was_restored_goes_on(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);
        await using var restored = await TestDatabase.CreateAsync();
        var program = Path.Combine((await PostgresBinaries.FindAsync()).BinDirectory, "pg_dump");
        Assert.SkipUnless(File.Exists(program), $"There is no {program}.");
        var dump = await ClientProgram.RunAsync(
            store.ConnectionString, program, ["--schema=public", "--no-owner", "--no-publications"]);

        await Psql.RunAsync(restored.ConnectionString, "DROP SCHEMA public;\n" + dump);
        var told = await Psql.RunAsync(restored.ConnectionString, Writes);

        told.ShouldContain("\n     4\n");
    }
}
