namespace MartenEventing.Retention;

/// <summary>A table with a row for each stream that has a snapshot, and the version the snapshot stands for.</summary>
/// <param name="Table">Its name, with its schema where that is not the store's: <c>mt_doc_parcel</c>.</param>
public sealed record SnapshotTable(string Table)
{
    /// <summary>The column with the stream's id. Default <c>id</c>.</summary>
    public string StreamColumn { get; init; } = "id";

    /// <summary>The column with the version of the last event it covers. Default <c>mt_version</c>.</summary>
    public string VersionColumn { get; init; } = "mt_version";
}
