namespace MartenEventing.PartitionArchive;

/// <summary>How the files of a partition archive are encrypted; the key is not in it.</summary>
/// <param name="Algorithm"><c>aes-256-gcm</c>.</param>
/// <param name="Salt">16 bytes in hexadecimal, from which with the secret this archive's keys are derived.</param>
/// <param name="KeyCheck">8 bytes in hexadecimal that tell the right key from a wrong one.</param>
public sealed record ArchiveEncryption(string Algorithm, string Salt, string KeyCheck);
