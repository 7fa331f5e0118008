namespace MartenEventing.LocalPostgres;

/// <summary>Says which setting leads elsewhere, where the folders of servers cannot be used.</summary>
internal static class OwnFolders
{
    public const string RootSetting = $"{nameof(LocalPostgresOptions)}.{nameof(LocalPostgresOptions.RootDirectory)}";

    /// <summary>Does something that reads or writes below this folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="setting">What is to be set to choose another.</param>
    /// <param name="action">What is done.</param>
    /// <exception cref="LocalServerException">The folder cannot be made, read or written.</exception>
    public static async Task<T> UseAsync<T>(string path, string setting, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LocalServerException(
                $"The folder {path} cannot be used: {error.Message} Set {setting} to a folder that you may write to.",
                path,
                error);
        }
    }
}
