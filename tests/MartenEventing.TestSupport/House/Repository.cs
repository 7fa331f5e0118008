namespace MartenEventing.TestSupport.House;

/// <summary>The files that these tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Below(params string[] names) => Path.Combine([Root, .. names]);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "MartenEventing.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The tests run outside the repository."));
}
