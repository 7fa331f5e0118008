using MartenEventing.Events;
using MartenEventing.Partitioning;
using Npgsql;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>What the scenes play with.</summary>
internal sealed record Scenery(
    Stage Stage, DemoDatabase Database, PostgresEventStore Store, TimeProvider Time, CancellationToken Cancellation)
{
    public const string Schema = "public";

    public NpgsqlDataSource DataSource => Database.DataSource;

    public string ConnectionString => Database.ConnectionString;

    /// <summary>Where psql may lie: beside the server's programs first.</summary>
    public required IReadOnlyList<string> ProgramFolders { get; init; }

    public PartitionCatalog Catalog { get; } = new(Database.DataSource, Schema);
}
