using System.Globalization;
using System.Text.RegularExpressions;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>Names of archives, which are names of folders, too.</summary>
internal sealed partial class ArchiveNames(IArchiveStorage storage)
{
    /// <summary>
    /// The name, where no complete archive has it; else, if it was not asked for, with a number behind it.
    /// </summary>
    public async Task<string> FreeAsync(string name, bool isGiven, CancellationToken cancellationToken)
    {
        if (!Allowed().IsMatch(name))
            throw new ArgumentException(
                $"\"{name}\" is no name for a partition archive. Allowed: 1 to 100 letters, digits, dots, dashes and "
                + "underscores, not beginning with a dot.",
                nameof(name));
        var free = name;
        for (var number = 2; await IsTakenAsync(free, cancellationToken); number++)
        {
            if (isGiven)
                throw new ArgumentException(
                    $"There is a partition archive \"{name}\" in {storage.Location} already. Choose another name.",
                    nameof(name));
            free = string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
        }

        return free;
    }

    private async Task<bool> IsTakenAsync(string name, CancellationToken cancellationToken)
    {
        await using var manifest = await storage.OpenReadAsync(
            $"{name}/{ManifestText.FileName}", 0, 1, cancellationToken);
        return manifest is not null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex Allowed();
}
