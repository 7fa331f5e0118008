namespace MartenEventing.PartitionArchive;

/// <summary>The file with the key of partition archives is open to others than its owner.</summary>
public sealed class ArchiveKeyFileException : MartenEventingException
{
    internal ArchiveKeyFileException(string file, UnixFileMode mode)
        : base($"The key file {file} has mode 0{Convert.ToString((int)mode, 8)}: others than its owner may "
            + $"use it, so its key is not taken. Type: chmod 600 {file}") =>
        (File, Mode) = (file, mode);

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Who may do what with it.</summary>
    public UnixFileMode Mode { get; }
}
