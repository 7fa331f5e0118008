using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.Events.Tags;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events;
using MartenEventing.Marten;
using MartenEventing.Security;

namespace MartenEventing.Tests.Security;

/// <summary>A Marten application with a role of its own, of the kind app and of no other.</summary>
public sealed class ApplicationRoleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly DepotTag North = new("north");

    public static TheoryData<EventAppendMode> Modes => [.. Ways.Modes];

    [Theory, MemberData(nameof(Modes))]
    public async Task it_appends_projects_and_archives_without_a_right_more(EventAppendMode mode)
    {
        await using var database = await RoledStore.EmptyAsync();
        using (var owners = Store(database.ConnectionString, mode))
            await owners.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var role = await database.RoleAsync(RoleKind.App);
        using var store = Store(database.As(role), mode, AutoCreate.None);

        var stream = await WriteAsync(store);
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await store.SaveAsync(session => session.Events.Append(stream, new ParcelScanned("B")));
        await daemon.WaitForNonStaleData(Patience);
        await daemon.StopAllAsync();
        await store.SaveAsync(session => session.Events.ArchiveStream(stream));

        await using var session = store.LightweightSession();
        (await session.LoadAsync<DepotScans>("B"))!.Scans.ShouldBe(2);
        (await session.LoadAsync<Parcel>(stream))!.Scans.ShouldBe(3);
        (await session.Events.FetchStreamStateAsync(stream))!.IsArchived.ShouldBeTrue();
        (await database.Roles.CheckAsync([new StoreRole(RoleKind.App, role)])).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task it_leaves_tombstones_and_uses_natural_keys_tags_and_numbered_documents(EventAppendMode mode)
    {
        await using var database = await RoledStore.EmptyAsync();
        using (var owners = Store(database.ConnectionString, mode, configure: Everything))
            await owners.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var role = await database.RoleAsync(RoleKind.App);
        using var store = Store(database.As(role), mode, AutoCreate.None, Everything);
        var label = new ParcelLabel("JD0001");

        await store.SaveAsync(session => session.Events.StartStream<LabeledParcel>(
            Guid.NewGuid(), new ParcelLabeled(label), new ParcelScanned("A")));
        await using (var session = store.LightweightSession())
        {
            (await session.Events.FetchForWriting<LabeledParcel, ParcelLabel>(label)).AppendOne(new ParcelScanned("B"));
            var tagged = session.Events.BuildEvent(new ParcelScanned("C"));
            tagged.WithTag(North);
            session.Events.StartStream(Guid.NewGuid(), tagged);
            session.Store(new NumberedNote { Text = "first" });
            await session.SaveChangesAsync();
        }

        await Should.ThrowAsync<Exception>(store.SaveAsync(session =>
        {
            session.Events.StartStream(Guid.NewGuid(), new ParcelScanned("A"));
            session.QueueSqlCommand("SELECT 1 / 0");
        }));

        await using var reader = store.LightweightSession();
        (await reader.Events.FetchLatest<LabeledParcel, ParcelLabel>(label))!.Scans.ShouldBe(2);
        (await reader.Events.QueryByTagsAsync(new EventTagQuery().Or<DepotTag>(North))).Count.ShouldBe(1);
        if (mode == EventAppendMode.Rich)
            await Until.IsAsync(
                () => database.Owner.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'tombstone'"),
                count => count > 0, "the tombstone is written");
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task it_brings_new_tenants_where_each_has_partitions_of_its_own(EventAppendMode mode)
    {
        await using var database = await RoledStore.EmptyAsync();
        using (var owners = Store(database.ConnectionString, mode, configure: Conjoined, byTenant: true))
            await owners.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var role = await database.RoleAsync(RoleKind.App);
        using var store = Store(database.As(role), mode, AutoCreate.None, Conjoined, byTenant: true);
        var stream = Guid.NewGuid();

        await store.SaveAsync(
            session => session.Events.StartStream<Parcel>(stream, new ParcelRegistered("Here")), "north");
        await store.SaveAsync(session => session.Events.Append(stream, new ParcelScanned("A")), "north");

        await using var session = store.LightweightSession("north");
        (await session.LoadAsync<Parcel>(stream))!.Scans.ShouldBe(1);
        (await database.Owner.ColumnAsync<string>("SELECT tenant FROM mt_tenants()")).ShouldContain("north");
        (await database.Roles.CheckAsync([new StoreRole(RoleKind.App, role)])).ShouldBeEmpty();
    }

    private static void Conjoined(StoreOptions options)
    {
        options.Events.TenancyStyle = TenancyStyle.Conjoined;
        options.Policies.AllDocumentsAreMultiTenanted();
    }

    private static async Task<Guid> WriteAsync(DocumentStore store)
    {
        var stream = Guid.NewGuid();
        await store.SaveAsync(session => session.Events.StartStream<Parcel>(
            stream, new ParcelRegistered("Here"), new ParcelScanned("A")));
        await using var session = store.LightweightSession();
        (await session.Events.FetchForWriting<Parcel>(stream)).AppendOne(new ParcelScanned("B"));
        await session.SaveChangesAsync();
        (await session.Events.FetchStreamAsync(stream)).Count.ShouldBe(3);
        (await session.Events.QueryAllRawEvents().CountAsync()).ShouldBe(3);
        return stream;
    }

    private static void Everything(StoreOptions options)
    {
        options.Projections.Snapshot<LabeledParcel>(SnapshotLifecycle.Inline);
        options.Events.RegisterTagType<DepotTag>("depot").ForAggregate<DepotLoad>();
        options.Schema.For<NumberedNote>();
    }

    private static DocumentStore Store(
        string connectionString, EventAppendMode mode, AutoCreate autoCreate = AutoCreate.All,
        Action<StoreOptions>? configure = null, bool byTenant = false) => DocumentStore.For(options =>
    {
        options.Connection(connectionString);
        options.DisableNpgsqlLogging = true;
        options.AutoCreateSchemaObjects = autoCreate;
        options.Events.AppendMode = mode;
        options.UseTimePartitionedEvents(events => events.ByTenant = byTenant);
        options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);
        options.Projections.Add(new DepotScansProjection(), ProjectionLifecycle.Async);
        configure?.Invoke(options);
    });

    private sealed record DepotTag(string Value);
}
