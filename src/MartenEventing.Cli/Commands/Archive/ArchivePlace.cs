using MartenEventing.PartitionArchive;
using MartenEventing.S3;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Where archives lie, as it is given to commands: a folder, or a place in an S3-compatible store.</summary>
internal static class ArchivePlace
{
    private static readonly string[] Endpoints = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"];
    private static readonly string[] Regions = ["AWS_REGION", "AWS_DEFAULT_REGION"];

    /// <exception cref="UsageException">It is no such place, or a variable is not to be understood.</exception>
    public static IArchiveStorage Open(CommandContext context, string place)
    {
        if (!S3Location.IsOne(place))
            return new ArchiveFolder(place);
        try
        {
            return S3ArchiveStorage.Open(
                place, new S3ArchiveOptions { Endpoint = Endpoint(context), Region = Given(context, Regions)?.Value });
        }
        catch (FormatException error)
        {
            throw new UsageException(error.Message);
        }
    }

    private static Uri? Endpoint(CommandContext context)
    {
        if (Given(context, Endpoints) is not { } given)
            return null;
        return Uri.TryCreate(given.Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new UsageException(
                $"{given.Name} is \"{given.Value}\". Allowed: an address that begins with http:// or https://.");
    }

    private static (string Name, string Value)? Given(CommandContext context, string[] names)
    {
        foreach (var name in names)
            if (context.Variable(name) is { Length: > 0 } value)
                return (name, value);
        return null;
    }
}
