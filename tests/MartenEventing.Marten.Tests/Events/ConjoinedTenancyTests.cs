using JasperFx.Events;
using Marten;
using Marten.Events;
using Marten.Exceptions;
using static MartenEventing.Tests.ConjoinedStore;

namespace MartenEventing.Tests.Events;

/// <summary>Two tenants have a stream of the same identity; neither sees or hinders the other.</summary>
public sealed class ConjoinedTenancyTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task each_tenant_has_a_stream_of_its_own(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity);
        await store.StartBothAsync();

        await using var north = store.Session(North);
        (await store.Stream.FetchAsync(north)).Select(e => e.Version).ShouldBe([1, 2]);
        (await store.Stream.FetchLatestAsync(north))!.Address.ShouldBe("Here");
        await using var south = store.Session(South);
        (await store.Stream.FetchAsync(south)).Select(e => e.Version).ShouldBe([1]);
        (await store.Stream.FetchLatestAsync(south))!.Address.ShouldBe("There");
        (await south.Events.QueryAllRawEvents().CountAsync()).ShouldBe(1);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_starts_once_in_each_tenant(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity);
        await store.StartBothAsync();

        await Should.ThrowAsync<ExistingStreamIdCollisionException>(
            store.SaveAsync(South, session => store.Stream.Start(session, new ParcelRegistered("Nowhere"))));
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stale_writer_is_refused_in_its_own_tenant_only(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity);
        await store.StartBothAsync();
        await using var north = store.Session(North);
        await using var south = store.Session(South);
        var inNorth = await store.Stream.FetchForWritingAsync(north);
        var inSouth = await store.Stream.FetchForWritingAsync(south);
        await store.SaveAsync(North, session => store.Stream.Append(session, new ParcelScanned("B")));
        inNorth.Append(new ParcelDelivered());
        inSouth.Append(new ParcelDelivered());

        await south.SaveChangesAsync();
        await Should.ThrowAsync<EventStreamUnexpectedMaxEventIdException>(north.SaveChangesAsync());
    }

    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task one_of_two_appends_across_a_boundary_wins(EventAppendMode mode, StreamIdentity identity)
    {
        var told = new List<string>();
        foreach (var plain in (bool[])[true, false])
        {
            await using var store = await CreateAsync(mode, identity, plain: plain);
            await store.StartBothAsync();
            var loser = await RaceAsync(store, North);
            told.Add($"{loser!.GetType()} {loser.Message.Replace(store.Stream.Value.ToString()!, "it")}");
            loser.ShouldBeOfType<EventStreamUnexpectedMaxEventIdException>();
            await using var session = store.Session(North);
            (await store.Stream.FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2, 3]);
        }

        told[1].ShouldBe(told[0]);
    }

    [Theory, MemberData(nameof(Ways.WithClientTime), MemberType = typeof(Ways))]
    public async Task tenants_do_not_wait_for_each_other(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity);
        await store.StartBothAsync();
        await using var held = await HeldSession.OpenAsync(store.Parcels.Store, store.Parcels.DataSource, North);
        store.Stream.Append(held.Session, new ParcelScanned("B"));
        await held.Session.SaveChangesAsync();

        await store.SaveAsync(South, session => store.Stream.Append(session, new ParcelScanned("B")));
        await held.CommitAsync();
        await using var session = store.Session(South);
        (await store.Stream.FetchAsync(session)).Count.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_is_archived_in_one_tenant(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity);
        await store.StartBothAsync();
        await store.SaveAsync(North, store.Stream.Archive);

        await using var north = store.Session(North);
        (await store.Stream.FetchAsync(north)).ShouldBeEmpty();
        await using var south = store.Session(South);
        (await store.Stream.FetchAsync(south)).ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_stream_is_deleted_in_one_tenant(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity);
        await store.StartBothAsync();
        var clean = store.Parcels.Store.Advanced.Clean;
        await (store.Stream.Key is null
            ? clean.DeleteSingleEventStreamAsync(store.Stream.Id, North)
            : clean.DeleteSingleEventStreamAsync(store.Stream.Key, North));

        await using var north = store.Session(North);
        (await store.Stream.FetchStateAsync(north)).ShouldBeNull();
        await using var south = store.Session(South);
        (await store.Stream.FetchAsync(south)).ShouldHaveSingleItem();
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_tenant_is_deleted_whole(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity);
        await store.StartBothAsync();
        await store.Parcels.Store.Advanced.DeleteAllTenantDataAsync(North, CancellationToken.None);

        (await store.Parcels.DataSource.ColumnAsync<string>("SELECT tenant_id FROM mt_events")).ShouldBe([South]);
        await store.SaveAsync(North, session => store.Stream.Start(session, new ParcelRegistered("Back")));
    }

    [Theory, InlineData(StreamIdentity.AsGuid), InlineData(StreamIdentity.AsString)]
    public async Task one_tenant_is_masked(StreamIdentity identity)
    {
        await using var store = await CreateAsync(EventAppendMode.Rich, identity, options =>
            options.Events.AddMaskingRuleForProtectedInformation<ParcelRegistered>(x => x with { Address = "***" }));
        await store.StartBothAsync();
        await store.Parcels.Store.Advanced.ApplyEventDataMasking(masking => _ = store.Stream.Key is null
            ? masking.ForTenant(North).IncludeStream(store.Stream.Id)
            : masking.ForTenant(North).IncludeStream(store.Stream.Key));

        await using var north = store.Session(North);
        (await store.Stream.AggregateAsync(north))!.Address.ShouldBe("***");
        await using var south = store.Session(South);
        (await store.Stream.AggregateAsync(south))!.Address.ShouldBe("There");
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task streams_are_inserted_in_bulk_for_a_tenant(EventAppendMode mode, StreamIdentity identity)
    {
        await using var store = await CreateAsync(mode, identity);
        var graph = (EventGraph)store.Parcels.Store.Options.Events;
        foreach (var tenant in (string[])[North, South])
        {
            object[] events = [new ParcelRegistered("Here"), new ParcelScanned("A")];
            await store.Parcels.Store.BulkInsertEventsAsync(tenant, [store.Stream.Key is null
                ? StreamAction.Start(graph, store.Stream.Id, events)
                : StreamAction.Start(graph, store.Stream.Key, events)]);
        }

        await store.SaveAsync(South, session => store.Stream.Append(session, new ParcelDelivered()));
        await using var south = store.Session(South);
        (await store.Stream.FetchLatestAsync(south))!.Version.ShouldBe(3);
        await using var north = store.Session(North);
        (await store.Stream.FetchLatestAsync(north))!.Version.ShouldBe(2);
    }

    private static async Task<Exception?> RaceAsync(ConjoinedStore store, string tenant)
    {
        await using var first = await HeldSession.OpenAsync(
            store.Parcels.Another(new TestClock(Months.Boundary.AddMinutes(-1))), store.Parcels.DataSource, tenant);
        store.Stream.Append(first.Session, new ParcelScanned("B"));
        await first.Session.SaveChangesAsync();

        var second = store.Parcels.Another(new TestClock(Months.Boundary.AddMinutes(1)))
            .SaveAsync(session => store.Stream.Append(session, new ParcelScanned("C")), tenant);
        await store.Parcels.DataSource.SomebodyWaitsForALockAsync();
        await first.CommitAsync();
        return await Record.ExceptionAsync(() => second);
    }
}
