namespace MartenEventing.Cli.Demo;

/// <summary>Sizes for people.</summary>
internal static class Bytes
{
    public static string Told(long bytes) => bytes switch
    {
        < 10 * 1024 => $"{bytes} B",
        < 10 * 1024 * 1024 => $"{bytes / 1024:N0} kB",
        _ => $"{bytes / 1024 / 1024:N0} MB",
    };
}
