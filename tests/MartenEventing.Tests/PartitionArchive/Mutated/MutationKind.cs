namespace MartenEventing.Tests.PartitionArchive.Mutated;

/// <summary>
/// What is done to the files of archives. Those that end in Sealed put a fitting seal under the manifest.
/// </summary>
internal enum MutationKind
{
    FlipBit,
    Truncate,
    Append,
    Delete,
    ExchangeFiles,
    ExchangeWithOther,
    ExchangeArchives,
    ReplaceValue,
    ReplaceValueSealed,
    RemoveMemberSealed,
    DoubleMemberSealed,
    ReorderSealed,
    AppendBehindSealSealed,
    ChangeLineSealed,
}
