namespace MartenEventing.TestSupport.House;

/// <summary>The files that these tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Below(params string[] names) => Path.Combine([Root, .. names]);

    /// <summary>The path of a file as this repository has it, with slashes.</summary>
    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "MartenEventing.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The tests run outside the repository."));
}
