namespace MartenEventing.LocalPostgres;

/// <summary>
/// Where servers and fetched binaries are kept when nothing else is said. Root's own home is closed to the account
/// that its servers run as, so root keeps them in the system's folders.
/// </summary>
internal static class UserFolders
{
    private const string Name = "marten-eventing";

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess;

    public static string Data()
    {
        const string Variable = "MARTEN_EVENTING_HOME";
        if (SearchPlaces.Variable(Variable) is { } given)
            return given;
        return IsRoot ? $"/var/lib/{Name}" : Below(Environment.SpecialFolder.LocalApplicationData, Variable, Name);
    }

    public static string Cache()
    {
        const string Variable = "MARTEN_EVENTING_CACHE";
        if (SearchPlaces.Variable(Variable) is { } given)
            return given;
        if (IsRoot)
            return $"/var/cache/{Name}";
        if (OperatingSystem.IsWindows())
            return Below(Environment.SpecialFolder.LocalApplicationData, Variable, Name, "cache");
        if (OperatingSystem.IsMacOS())
            return Below(Environment.SpecialFolder.UserProfile, Variable, "Library", "Caches", Name);
        return SearchPlaces.Variable("XDG_CACHE_HOME") is { } caches
            ? Path.Combine(caches, Name)
            : Below(Environment.SpecialFolder.UserProfile, Variable, ".cache", Name);
    }

    private static string Below(Environment.SpecialFolder folder, string variable, params string[] names)
    {
        var parent = Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
        return parent.Length > 0
            ? Path.Combine([parent, .. names])
            : throw new LocalServerException($"There is no home folder. Set {variable}.", parent, output: "");
    }
}
