using System.CommandLine;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Arguments and options that mean the same in all archive commands.</summary>
internal static class ArchiveCliOptions
{
    public static readonly Argument<string> Folder = new("folder")
    {
        Description =
            "The folder in which the partition archives lie, each in a folder of its own; or s3://bucket/prefix.",
    };

    public static readonly Argument<string> Name = new("archive")
    {
        Description = "The archive's name, as \"archive list\" shows it.",
    };

    public static readonly Argument<string[]> Names = new("archive")
    {
        Description = "Archives by their names. Default: all of the folder.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static readonly Option<FileInfo?> KeyFile = new("--key-file")
    {
        Description =
            "File with the key of encrypted archives: 32 bytes in hexadecimal or base64, of mode 0600. With a key only "
            + $"encrypted archives are taken. Default: {ArchiveKey.Variable}, else no key.",
        HelpName = "file",
    };

    public static readonly Option<bool> WithoutDatabase = new("--without-database")
    {
        Description =
            "Ask no database for legal holds, and note nothing there: what was redacted so, it refuses until archive "
            + "verify --accept.",
    };

    public static IArchiveStorage Storage(CommandContext context) => ArchivePlace.Open(context, context.Get(Folder)!);

    public static bool HasKey(CommandContext context) =>
        context.Get(KeyFile) is not null || context.Variable(ArchiveKey.Variable) is { Length: > 0 };

    public static async Task<ArchiveKey?> KeyAsync(CommandContext context)
    {
        if (context.Get(KeyFile) is { } file)
            return await ArchiveKey.ReadAsync(file.FullName, context.Cancellation);
        return context.Variable(ArchiveKey.Variable) is { Length: > 0 } given ? ArchiveKey.Parse(given) : null;
    }

    public static async Task<PartitionArchives> ArchivesAsync(CommandContext context) =>
        new(Storage(context), await KeyAsync(context));

    /// <summary>The archives with what the database knows of them.</summary>
    public static async Task<StoreArchives> NotedAsync(CommandContext context)
    {
        if (context.GivenConnection is null)
            context.Output.Say(
                "No --connection is given: the private local server is asked what it knows of the archives.");
        return new StoreArchives(
            await context.DataSourceAsync(), context.Schema, Storage(context), await KeyAsync(context), context.Time);
    }

    /// <summary>The archives that were named, or all that are complete; what is not to be read is told.</summary>
    /// <exception cref="UsageException">There is none: to verify or redact nothing must not look like
    /// success.</exception>
    public static async Task<ChosenArchives> ChosenAsync(CommandContext context, PartitionArchives archives)
    {
        if (context.Get(Names) is { Length: > 0 } given)
            return new ChosenArchives(given, []);
        var all = await archives.ListAsync(context.Cancellation);
        foreach (var entry in all.Where(entry => entry.Manifest is null))
            context.Output.Warn(entry.Problem!);
        var chosen = new ChosenArchives(
            [.. all.Where(entry => entry.Manifest is not null).Select(entry => entry.Name)],
            [.. all.Where(entry => entry is { Manifest: null, IsUnfinished: false }).Select(entry => entry.Name)]);
        return chosen.Names.Count + chosen.Unreadable.Count > 0
            ? chosen
            : throw new UsageException(
                $"\"{context.Get(Folder)}\" holds no complete partition archive. Give the folder that the archives' "
                + "folders lie in; they are made by: marten-eventing archive create.");
    }
}
