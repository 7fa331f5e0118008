namespace MartenEventing.Cli.Demo;

/// <summary>What the demo shows.</summary>
/// <param name="File">NDJSON, gzipped or not, to show instead of generated events; null for these.</param>
/// <param name="Events">About how many events are generated.</param>
/// <param name="Keep">Whether the database stays when the demo ends.</param>
internal sealed record DemoOptions(FileInfo? File, int Events, bool Keep);
