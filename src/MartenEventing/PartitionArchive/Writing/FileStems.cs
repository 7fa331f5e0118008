namespace MartenEventing.PartitionArchive.Writing;

/// <summary>What the names of a table's files begin with.</summary>
internal sealed class FileStems
{
    private readonly Dictionary<ArchiveRole, int> _used = [];

    public string Of(ArchiveRole role)
    {
        var number = _used[role] = _used.GetValueOrDefault(role) + 1;
        return role switch
        {
            ArchiveRole.Tags => $"tags{number}",
            ArchiveRole.NaturalKeys => $"keys{number}",
            _ => role.ToString().ToLowerInvariant(),
        };
    }
}
