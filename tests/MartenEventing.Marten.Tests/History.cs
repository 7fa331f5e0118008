using JasperFx.Events.Projections;
using Marten;

namespace MartenEventing.Tests;

/// <summary>A store of months ago and of today, from which months can be dropped.</summary>
internal static class History
{
    /// <summary>With a snapshot of each parcel, kept up inline.</summary>
    public static void WithSnapshots(StoreOptions options) =>
        options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Inline);

    /// <summary>
    /// Two streams that end five months ago, and two that began then and go on today. Returns them in this order.
    /// </summary>
    public static async Task<List<Guid>> AppendAsync(MartenDatabase database, IDocumentStore store)
    {
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.DataSource.ExecuteAsync("SELECT mt_provision_history('month', now() - interval '5 months')");
        var ids = await database.AppendAsync(store, streams: 4);
        await database.DataSource.ExecuteAsync(
            "UPDATE mt_events SET timestamp = timestamp - interval '5 months'; UPDATE mt_streams SET created = created "
            + "- interval '5 months', timestamp = timestamp - interval '5 months'");
        await using var session = store.LightweightSession();
        session.Events.Append(ids[2], new ParcelScanned("B"));
        session.Events.Append(ids[3], new ParcelDelivered());
        await session.SaveChangesAsync();
        return ids;
    }

    /// <summary>Retention, as SQL does it.</summary>
    public static Task<List<string>> DropAsync(MartenDatabase database, int months) =>
        database.DataSource.ColumnAsync<string>("SELECT drop_old_partitions($1)", months);
}
