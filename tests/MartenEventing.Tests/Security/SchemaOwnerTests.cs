using MartenEventing.Conversion;
using MartenEventing.Events;
using MartenEventing.Maintenance;
using MartenEventing.PartitionArchive;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using MartenEventing.TestSupport.Importing;
using MartenEventing.Tests.Conversion;
using MartenEventing.Tests.PartitionArchive;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Security;

/// <summary>
/// A role that owns a schema, and nothing else: not the database, no right on public, no temporary tables; or a role
/// that is a member of such an owner, as managed servers have it.
/// </summary>
public sealed class SchemaOwnerTests : IAsyncLifetime
{
    private const string Schema = "Event Store";
    private const string Area = "\"Event Store\".";

    private readonly string _owner = "o_" + Guid.NewGuid().ToString("N");
    private readonly string _member = "m_" + Guid.NewGuid().ToString("N");
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;

    public enum Who
    {
        /// <summary>Owns the schema, and may log in.</summary>
        Owner,

        /// <summary>A member of the owner, who has the owner's rights.</summary>
        Member,

        /// <summary>A member of the owner who has its rights once it has taken on its role.</summary>
        MemberInRole,
    }

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        await _database.Superuser.ExecuteAsync(
            $"""
             CREATE ROLE {_owner} LOGIN PASSWORD 'secret';
             ALTER DATABASE {_database.Name} OWNER TO CURRENT_USER;
             REVOKE ALL ON DATABASE {_database.Name} FROM PUBLIC;
             REVOKE ALL ON SCHEMA public FROM PUBLIC;
             CREATE SCHEMA "{Schema}" AUTHORIZATION {_owner};
             """);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.Superuser.ExecuteAsync(
            $"DROP OWNED BY {_member}, {_owner} CASCADE; DROP ROLE {_member}, {_owner}");
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(Who.Owner, ConversionWay.Attach)]
    [InFull(Who.Owner, ConversionWay.Shadow)]
    [InFull(Who.Member, ConversionWay.Attach)]
    [InlineData(Who.Member, ConversionWay.Shadow)]
    [InlineData(Who.MemberInRole, ConversionWay.Attach)]
    [InFull(Who.MemberInRole, ConversionWay.Shadow)]
    public async Task a_plain_store_is_converted_there_and_back(Who who, ConversionWay way)
    {
        await ConnectAsync(who);
        await new SchemaMigrator(await OwnersAsync(who), Options with { Layout = StoreLayout.Plain }).ApplyAsync();
        await FillAsync();
        var conversion = new StoreConversion(_source, Schema, PlainStore.Options with { Way = way });

        (await conversion.PlanAsync()).IsPossible.ShouldBeTrue();
        await conversion.StartAsync();
        if (way == ConversionWay.Attach)
            await conversion.SplitAsync();
        await ShouldHoldAsync(30);
        await conversion.CompleteAsync();
        await conversion.RevertAsync();

        await ShouldHoldAsync(30);
        (await StoreShape.ReadAsync(_source, Schema)).Layout.ShouldBe(StoreLayout.Plain);
    }

    [Theory]
    [InlineData(Who.Owner, false)]
    [InFull(Who.Owner, true)]
    [InFull(Who.Member, false)]
    [InlineData(Who.Member, true)]
    [InlineData(Who.MemberInRole, false)]
    public async Task a_store_is_looked_after_thinned_out_archived_and_brought_back(Who who, bool byTenant)
    {
        await ConnectAsync(who);
        var options = Options with { Tenancy = byTenant ? EventTenancy.Conjoined : EventTenancy.Single,
            PartitionByTenant = byTenant };
        await new SchemaMigrator(_source, options).ApplyAsync();
        (await new SchemaMigrator(_source, options).GetStatusAsync()).IsUpToDate.ShouldBeTrue();
        await FillAsync();
        await new EventImporter(_source, Store).ImportAsync(
            EventLines.Text(EventLines.Shuffled(100, streams: 10, years: 1)));
        var folder = Directory.CreateTempSubdirectory("schema-owner-");
        var storage = new ArchiveFolder(folder.FullName);
        try
        {
            (await new MaintenancePass(_source, Schema).RunAsync()).IsIncomplete.ShouldBeFalse();
            var hold = await new LegalHolds(_source, Schema).HoldStreamAsync(Guid.NewGuid().ToString(), "a suit");
            (await new LegalHolds(_source, Schema).LiftAsync(hold.Id)).ShouldBeTrue();
            var report = await new StoreRetention(
                _source, Schema, new RetentionOptions { OlderThan = RetentionAge.Parse("3mo"), BatchShare = 1 })
            {
                ArchiveStorage = storage,
            }.ApplyAsync();
            report.Gates.ShouldBeEmpty();
            report.Expired.ShouldNotBeEmpty();

            var archives = (await new PartitionArchives(storage).ListAsync()).Where(entry => entry.Manifest!.Events > 0)
                .ToList();
            archives.ShouldNotBeEmpty();
            await new PartitionArchiveRestorer(_source, Schema, storage).RestoreAsync(archives[0].Name);
            await new StoreArchives(_source, Schema, storage).RedactAsync(
                archives[0].Name, new RedactionRequest { Stream = await AnyStreamAsync(storage, archives[0].Name),
                    Reason = "asked", By = "us" });
            (await new StoreArchives(_source, Schema, storage).VerifyAsync(archives[0].Name)).IsSound.ShouldBeTrue();
            await _source.ExecuteAsync($"SELECT {Area}mt_enforce_append_only()");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task a_script_sets_the_store_up_in_a_schema_that_is_there()
    {
        await ConnectAsync(Who.Owner);

        await _source.ExecuteAsync(SchemaMigrator.Script(Options));

        (await new SchemaMigrator(_source, Options).GetStatusAsync()).IsUpToDate.ShouldBeTrue();
    }

    [Fact]
    public async Task a_member_that_has_not_taken_on_the_owners_role_is_told_which_right_it_lacks()
    {
        await ConnectAsync(Who.MemberInRole, takesOnRole: false);
        await new SchemaMigrator(await OwnersAsync(Who.MemberInRole), Options).ApplyAsync();

        (await Should.ThrowAsync<PostgresException>(() => new MaintenancePass(_source, Schema).RunAsync()))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private static SchemaOptions Options => new() { SchemaName = Schema };

    private static EventStoreOptions Store => new() { SchemaName = Schema };

    private async Task ConnectAsync(Who who, bool takesOnRole = true)
    {
        await _database.Superuser.ExecuteAsync(
            $"""
             CREATE ROLE {_member} LOGIN PASSWORD 'secret' {(who == Who.MemberInRole ? "NOINHERIT" : "INHERIT")};
             GRANT {_owner} TO {_member};
             GRANT CONNECT ON DATABASE {_database.Name} TO {_owner}, {_member};
             """);
        _source = Open(
            who == Who.Owner ? _owner : _member, who == Who.MemberInRole && takesOnRole ? $"-c role={_owner}" : null);
    }

    /// <summary>The store is the owner's, whoever looks after it.</summary>
    private Task<NpgsqlDataSource> OwnersAsync(Who who) =>
        Task.FromResult(who == Who.Owner ? _source : Open(_owner, null));

    private NpgsqlDataSource Open(string user, string? options) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(_database.ConnectionString)
        {
            Username = user, Password = "secret", Options = options, Pooling = false,
        }.ConnectionString);

    /// <summary>Ten streams over half a year.</summary>
    private async Task FillAsync()
    {
        for (var i = 0; i < 10; i++)
            await _source.AppendAsync(Guid.NewGuid(), Month(-i), 3, Schema);
    }

    private async Task ShouldHoldAsync(long events) =>
        (await _source.ScalarAsync<long>($"SELECT count(*) FROM {Area}mt_events")).ShouldBe(events);

    private static async Task<string> AnyStreamAsync(ArchiveFolder storage, string name) =>
        (await new PartitionArchives(storage).QueryAsync(name, new ArchiveQuery()).FirstAsync()).Stream!.ToString()!;
}
