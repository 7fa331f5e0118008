using System.Security.Cryptography;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Reading;

/// <summary>
/// Compares all that is stored of an archive with its manifest, and goes on where something is wrong.
/// </summary>
internal sealed class Verification(OpenArchive archive, IArchiveStorage storage)
{
    private readonly List<ArchiveProblem> _problems = [];
    private readonly List<string> _strays = [];

    public async Task<VerificationReport> RunAsync(CancellationToken cancellationToken)
    {
        var manifest = archive.Manifest;
        await CheckFilesAsync(cancellationToken);
        foreach (var table in manifest.Tables)
            await CheckAsync(table, cancellationToken);
        return new VerificationReport
        {
            Manifest = manifest, Problems = _problems, Strays = _strays, IsContentChecked = archive.IsReadable,
        };
    }

    private async Task CheckFilesAsync(CancellationToken cancellationToken)
    {
        var expected = archive.Manifest.Files().ToDictionary(
            item => archive.KeyOf(item.File.Name), item => item.File.Bytes);
        var replaced = archive.Manifest.Redactions.SelectMany(redaction => redaction.ReplacedFiles)
            .Select(archive.KeyOf).ToHashSet();
        expected.Add(archive.KeyOf(ManifestText.FileName), -1);
        await foreach (var stored in storage.ListAsync(archive.KeyOf(""), cancellationToken))
        {
            if (replaced.Contains(stored.Key))
                Add(ArchiveProblemKind.NotErased, stored.Key, 0, stored.Bytes,
                    "what was erased is still in this file, which was replaced; redact once more");
            else if (!expected.Remove(stored.Key, out var bytes))
                _strays.Add(stored.Key);
            else if (bytes >= 0 && stored.Bytes > bytes)
                Add(ArchiveProblemKind.WrongLength, stored.Key, bytes, stored.Bytes - bytes,
                    $"the file should end here; it has {stored.Bytes} bytes");
        }
    }

    private async Task CheckAsync(ArchiveTable table, CancellationToken cancellationToken)
    {
        var check = new TableCheck(table, archive.Manifest);
        foreach (var file in table.Files)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var before = _problems.Count;
            for (var chunk = 0; chunk < file.Chunks.Count; chunk++)
                if (!await CheckAsync(check, file, chunk, hash, cancellationToken))
                    break;
            if (_problems.Count == before && Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
                Add(ArchiveProblemKind.Manifest, archive.KeyOf(file.Name), 0, file.Bytes,
                    "the file as a whole is not what the manifest tells of");
        }

        if (archive.IsReadable && check.Contradiction() is { } contradiction && _problems.Count == 0)
            Add(ArchiveProblemKind.WrongContent, archive.KeyOf(ManifestText.FileName), null, null, contradiction);
    }

    /// <returns>False where the rest of the file cannot be there.</returns>
    private async Task<bool> CheckAsync(
        TableCheck check, ArchiveFile file, int chunk, IncrementalHash hash, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await archive.ReadStoredAsync(file, chunk, cancellationToken);
            hash.AppendData(bytes);
            if (archive.IsReadable)
                check.Take(file.Chunks[chunk], archive.Decode(file, chunk, bytes));
            return true;
        }
        catch (ArchiveDamagedException error)
        {
            _problems.Add(error.Problem);
            return error.Problem.Kind is not (ArchiveProblemKind.MissingFile or ArchiveProblemKind.WrongLength);
        }
        catch (FormatException error)
        {
            var (offset, length) = OpenArchive.Place(file, chunk);
            Add(ArchiveProblemKind.WrongContent, archive.KeyOf(file.Name), offset, length, error.Message);
            return true;
        }
    }

    private void Add(ArchiveProblemKind kind, string file, long? offset, long? length, string message) =>
        _problems.Add(new ArchiveProblem
        {
            Kind = kind, File = file, Offset = offset, Length = length, Message = message,
        });
}
