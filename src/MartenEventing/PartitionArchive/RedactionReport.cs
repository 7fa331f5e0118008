namespace MartenEventing.PartitionArchive;

/// <summary>What erasing a stream from a partition archive has done, or would do.</summary>
/// <param name="Archive">The archive's name.</param>
/// <param name="Events">How many events of the stream it holds, or held.</param>
/// <param name="ReplacedFiles">The files that were replaced; none before, and where it holds nothing of the
/// stream.</param>
public sealed record RedactionReport(string Archive, long Events, IReadOnlyList<string> ReplacedFiles);
