using JasperFx.Events.Projections;
using Marten;
using MartenEventing.Marten;
using Weasel.Core;

namespace MartenEventing.Cli.Demo.Applications;

/// <summary>
/// A Marten application on the demo's store. Marten is loaded with this class, so no other scene may mention its types.
/// </summary>
internal static class MartenApplication
{
    public static DocumentStore Open(string connectionString) => DocumentStore.For(options =>
    {
        options.Connection(connectionString);
        options.DisableNpgsqlLogging = true;
        options.UseSystemTextJsonForSerialization(casing: Casing.CamelCase);
        options.Events.AddEventTypes(
            [typeof(ParcelRegistered), typeof(ParcelScanned), typeof(ParcelOutForDelivery), typeof(ParcelDelivered)]);
        options.Projections.Add(new ParcelProjection(), ProjectionLifecycle.Live);

        // A store made by `db apply` has these columns; Weasel drops those that its model does not have.
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.MetadataConfig.UserNameEnabled = true;

        options.UseTimePartitionedEvents();
    });
}
