namespace MartenEventing.LocalPostgres;

/// <summary>
/// Where servers and fetched binaries are kept when nothing else is said. Root's own home is closed to the account
/// that its servers run as, so root keeps them in the system's folders.
/// </summary>
internal static class UserFolders
{
    public const string DataVariable = "MARTEN_EVENTING_HOME";
    public const string CacheVariable = "MARTEN_EVENTING_CACHE";
    public static readonly string TemporaryVariable = OperatingSystem.IsWindows() ? "TEMP" : "TMPDIR";
    private const string Name = "marten-eventing";

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    public static string Data()
    {
        if (SearchPlaces.Variable(DataVariable) is { } given)
            return given;
        return IsRoot ? $"/var/lib/{Name}" : Below(Environment.SpecialFolder.LocalApplicationData, DataVariable, Name);
    }

    public static string Cache()
    {
        if (SearchPlaces.Variable(CacheVariable) is { } given)
            return given;
        if (IsRoot)
            return $"/var/cache/{Name}";
        if (OperatingSystem.IsWindows())
            return Below(Environment.SpecialFolder.LocalApplicationData, CacheVariable, Name, "cache");
        if (OperatingSystem.IsMacOS())
            return Below(Environment.SpecialFolder.UserProfile, CacheVariable, "Library", "Caches", Name);
        return SearchPlaces.Variable("XDG_CACHE_HOME") is { } caches
            ? Path.Combine(caches, Name)
            : Below(Environment.SpecialFolder.UserProfile, CacheVariable, ".cache", Name);
    }

    private static string Below(Environment.SpecialFolder folder, string variable, params string[] names)
    {
        var parent = Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
        return parent.Length > 0
            ? Path.Combine([parent, .. names])
            : throw new LocalServerException($"There is no home folder. Set {variable}.", parent, output: "");
    }
}
