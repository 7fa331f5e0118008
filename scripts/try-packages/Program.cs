using Marten;
using MartenEventing;
using MartenEventing.LocalPostgres;
using MartenEventing.Marten;
using MartenEventing.Partitioning;
using Npgsql;

await using var server = await LocalServer.StartTemporaryAsync();
using var store = DocumentStore.For(options =>
{
    options.Connection(server.ConnectionString);
    options.UseTimePartitionedEvents();
});
await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

await using var session = store.LightweightSession();
var parcel = session.Events.StartStream(new ParcelRegistered("Ada")).Id;
await session.SaveChangesAsync();
foreach (var stored in await session.Events.FetchStreamAsync(parcel))
    Console.WriteLine($"{stored.Version} {stored.EventTypeName} {stored.Data}");

await using var source = NpgsqlDataSource.Create(server.ConnectionString);
foreach (var size in await new PartitionCatalog(source, "public").ListSizesAsync())
    Console.WriteLine($"{size.Partition.Name} {size.Partition.From:yyyy-MM-dd} {size.TotalBytes / 1024} kB");

/// <summary>The event of this example.</summary>
internal sealed record ParcelRegistered(string Sender);
