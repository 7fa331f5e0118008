using System.Globalization;
using MartenEventing.Cli.Commands.Events;
using MartenEventing.Cli.Output;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Partition archives as the commands print them.</summary>
internal static class ArchiveText
{
    /// <summary>A manifest without its files, for JSON.</summary>
    public static object Json(ArchiveManifest manifest) => new
    {
        manifest.Name, manifest.Id, manifest.Revision, manifest.Partition, manifest.Tenant, manifest.From, manifest.To,
        manifest.FirstSequence, manifest.LastSequence, manifest.Events, manifest.Streams, manifest.Bytes,
        manifest.ContentBytes, manifest.CreatedAt, manifest.Origin, IsEncrypted = manifest.Encryption is not null,
        manifest.Redactions,
    };

    public static string Bound(DateTimeOffset? at) => at is { } time ? EventText.Time(time) : "open";

    /// <summary>What it holds, and how small it has become.</summary>
    public static string Summary(ArchiveManifest manifest) => string.Create(
        CultureInfo.InvariantCulture,
        $"{manifest.Events:N0} events of {manifest.Streams:N0} streams in {Size.Of(manifest.Bytes)}")
        + (manifest.Events == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $": {manifest.Bytes * 1000 / manifest.Events:N0} bytes for 1,000 events, {Saved(manifest)} % saved"));

    public static string Saved(ArchiveManifest manifest) => manifest.ContentBytes == 0 ? "0" : string.Create(
        CultureInfo.InvariantCulture, $"{100 - (100.0 * manifest.Bytes / manifest.ContentBytes):N0}");
}
