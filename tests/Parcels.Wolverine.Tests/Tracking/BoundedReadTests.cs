using Parcels.Api.Tests.App;
using Parcels.Tracking;

namespace Parcels.Api.Tests.Tracking;

/// <summary>Wolverine's handlers fetch their aggregates from the partitions of the streams' lives.</summary>
public sealed class BoundedReadTests
{
    [Fact]
    public async Task the_aggregates_of_a_handler_are_read_by_the_function_for_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.Superuser.ExecuteAsync(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET track_functions = pl', current_database()); END $$");
        await using (var app = await ParcelsApp.StartAsync(database))
        {
            var (depot, id) = (await app.Host.DepotAsync(), await app.Host.ParcelAsync());

            (await app.Host.PostAsync<Parcel>($"/parcels/{id}/scans", new ScanParcel(depot))).Version.ShouldBe(2);
        }

        database.DataSource.Clear();
        await Until.TrueAsync(async () => await database.Superuser.ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_user_functions WHERE funcname = 'mt_stream_events'") > 0);
    }
}
