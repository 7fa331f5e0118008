namespace MartenEventing.Load;

/// <summary>The statements of <c>sql/</c>, embedded in this assembly.</summary>
internal static class SqlFile
{
    public static string Read(string name)
    {
        using var stream = typeof(SqlFile).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"There is no sql/{name}.sql.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
