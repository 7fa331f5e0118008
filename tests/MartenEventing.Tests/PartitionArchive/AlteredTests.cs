using MartenEventing.PartitionArchive;
using MartenEventing.Politeness;
using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>
/// The store's tables are altered between an archive and its restore, or while a restore is broken off.
/// </summary>
public sealed class AlteredTests
{
    private static readonly string[] Tables = ["mt_events", "mt_streams", "mt_event_tag_parcel", "mt_event_tag_van"];

    [Theory]
    [InlineData("mt_events")]
    [InlineData("mt_streams")]
    [InlineData("mt_event_tag_parcel")]
    public async Task a_column_that_needs_a_value_is_told_before_anything_is_loaded_until_it_has_a_default(string table)
    {
        await using var archived = await CreateAsync();
        var (store, name) = (archived.Store, await WriteAndEmptyAsync(archived));
        await store.ExecuteAsync($"ALTER TABLE {table} ADD COLUMN \"cost centre\" text NOT NULL");

        foreach (var call in (Func<Task>[])[() => Restorer(archived).PlanAsync(name), () =>
            Restorer(archived).RestoreAsync(name)])
            (await Should.ThrowAsync<ArchiveConflictException>(call)).Reason.ShouldBe(
                $"{table} has a column cost centre here that is NOT NULL without a default, and the archive has no "
                + $"values for it. Give it a default: ALTER TABLE \"public\".\"{table}\" ALTER COLUMN \"cost centre\" "
                + "SET DEFAULT ...");
        (await StagedAsync(store)).ShouldBeEmpty();

        await store.ExecuteAsync($"ALTER TABLE {table} ALTER COLUMN \"cost centre\" SET DEFAULT 'none'");
        (await Restorer(archived).RestoreAsync(name)).Events.ShouldBe(50);
        (await store.ScalarAsync<bool>($"SELECT bool_and(\"cost centre\" = 'none') FROM {table}")).ShouldBeTrue();
    }

    /// <summary>
    /// What was loaded before was loaded for other tables; it comes back as if loading had begun now.
    /// </summary>
    [Theory]
    [InlineData("ALTER TABLE mt_events ADD COLUMN amount int NOT NULL DEFAULT 7", "bool_and(amount = 7)")]
    [InlineData("ALTER TABLE mt_events ADD COLUMN shout text GENERATED ALWAYS AS (upper(type)) STORED",
        "bool_and(shout = 'SCANNED')")]
    [InlineData("ALTER TABLE mt_events DROP COLUMN note; ALTER TABLE mt_events ADD COLUMN note varchar(9)",
        "bool_and(note = 'n')")]
    [InlineData("ALTER TABLE mt_events ALTER COLUMN note TYPE varchar(9) USING note", "bool_and(note = 'n')")]
    [InlineData("ALTER TABLE mt_events ALTER COLUMN note SET NOT NULL", "bool_and(note = 'n')")]
    [InlineData("ALTER TABLE mt_events ADD CONSTRAINT sane CHECK (version > 0) NOT VALID", "bool_and(version > 0)")]
    [InlineData(
        "ALTER TABLE mt_streams ADD COLUMN owner text DEFAULT 'us'", "(SELECT bool_and(owner = 'us') FROM mt_streams)")]
    [InlineData(
        "DROP TABLE mt_event_tag_parcel", "(SELECT count(*) = 50 AND bool_and(value = 'van') FROM mt_event_tag_van)")]
    public async Task a_restore_that_was_broken_off_begins_anew_when_its_tables_have_been_altered(
        string sql, string isRight)
    {
        await using var archived = await CreateAsync();
        var (store, name) = (archived.Store, await WriteAndEmptyAsync(archived));
        await BreakOffAsync(archived, name, new RestoreOptions());

        await store.ExecuteAsync(sql);
        (await Restorer(archived).RestoreAsync(name)).Events.ShouldBe(50);

        (await store.ScalarAsync<bool>($"SELECT {isRight} FROM mt_events")).ShouldBeTrue();
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_event_tag_van")).ShouldBe(50);
        (await StagedAsync(store)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ALTER TABLE mt_events RENAME note TO remark", "mt_events has no column note here")]
    [InlineData("ALTER TABLE mt_events DROP COLUMN note", "mt_events has no column note here")]
    public async Task a_column_that_has_gone_while_a_restore_was_broken_off_is_named(string sql, string reason)
    {
        await using var archived = await CreateAsync();
        var (store, name) = (archived.Store, await WriteAndEmptyAsync(archived));
        await BreakOffAsync(archived, name, new RestoreOptions());

        await store.ExecuteAsync(sql);

        (await Should.ThrowAsync<ArchiveConflictException>(
            () => Restorer(archived).RestoreAsync(name))).Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task tables_that_are_altered_while_it_loads_are_told_and_the_next_call_loads_anew()
    {
        await using var archived = await CreateAsync();
        var (store, name) = (archived.Store, await WriteAndEmptyAsync(archived));
        var restorer = new PartitionArchiveRestorer(store.DataSource, "public", archived.Storage)
        {
            Observer = (step, moment) => (step, moment) == ("provide", StepMoment.Committed)
                ? store.ExecuteAsync("ALTER TABLE mt_events ADD COLUMN late int DEFAULT 3") : Task.CompletedTask,
        };

        (await Should.ThrowAsync<ArchiveConflictException>(() => restorer.RestoreAsync(name)))
            .Reason.ShouldStartWith("the store's tables were altered while it was loaded.");

        (await Restorer(archived).RestoreAsync(name)).Events.ShouldBe(50);
        (await store.ScalarAsync<bool>("SELECT bool_and(late = 3) FROM mt_events")).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task what_was_loaded_to_go_beside_does_not_go_in_place_nor_the_reverse(bool besideFirst)
    {
        await using var archived = await CreateAsync();
        var (store, name) = (archived.Store, await WriteAndEmptyAsync(archived));
        RestoreOptions inPlace = new(), beside = new() { AsTable = "looked_at" };
        await BreakOffAsync(archived, name, besideFirst ? beside : inPlace);

        (await Restorer(archived).RestoreAsync(name, besideFirst ? inPlace : beside)).Events.ShouldBe(50);

        (await store.ScalarAsync<long>($"SELECT count(*) FROM {(besideFirst ? "mt_events" : "looked_at")}")).ShouldBe(
            50);
        (await store.ScalarAsync<long>("SELECT count(*) FROM pg_constraint WHERE conname = 'mt_restoring'"))
            .ShouldBe(0);
        (await StagedAsync(store)).ShouldBeEmpty();
    }

    private static async Task<ArchivedStore> CreateAsync()
    {
        var archived = await (await ArchivedStore.CreateAsync<FolderPlace>()).FilledAsync(streams: 5);
        await archived.Store.ExecuteAsync(
            """
            ALTER TABLE mt_events ADD COLUMN note text DEFAULT 'n';
            CREATE TABLE mt_event_tag_parcel (value text, seq_id bigint, PRIMARY KEY (value, seq_id));
            CREATE TABLE mt_event_tag_van (value text, seq_id bigint, PRIMARY KEY (value, seq_id));
            INSERT INTO mt_event_tag_parcel SELECT 'parcel', seq_id FROM mt_events;
            INSERT INTO mt_event_tag_van SELECT 'van', seq_id FROM mt_events;
            """);
        return archived;
    }

    private static async Task<string> WriteAndEmptyAsync(ArchivedStore archived)
    {
        var manifest = await archived.WriteAsync();
        await archived.Store.ExecuteAsync($"TRUNCATE {string.Join(", ", Tables)}");
        return manifest.Name;
    }

    /// <summary>All but the last file is loaded, or the only one.</summary>
    private static async Task BreakOffAsync(ArchivedStore archived, string name, RestoreOptions options)
    {
        var files = (await Restorer(archived).PlanAsync(name)).Manifest.Tables
            .Where(table => options.AsTable is null || table.Role == ArchiveRole.Events).Sum(
                table => table.Files.Count);
        var loaded = 0;
        var restorer = new PartitionArchiveRestorer(archived.Store.DataSource, "public", archived.Storage)
        {
            Observer = (step, _) => step == "load" && ++loaded == Math.Max(1, files - 1)
                ? throw new IOException("broken off") : Task.CompletedTask,
        };
        await Should.ThrowAsync<IOException>(() => restorer.RestoreAsync(name, options));
        (await StagedAsync(archived.Store)).ShouldNotBeEmpty();
    }

    private static Task<List<string>> StagedAsync(StoreDatabase store) =>
        store.ColumnAsync<string>(
            "SELECT relname::text FROM pg_class WHERE relname LIKE 'mt\\_restoring%' AND relkind = 'r'");

    private static PartitionArchiveRestorer Restorer(ArchivedStore archived) =>
        new(archived.Store.DataSource, "public", archived.Storage);
}
