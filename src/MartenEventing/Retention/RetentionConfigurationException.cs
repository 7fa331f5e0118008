namespace MartenEventing.Retention;

/// <summary>A configuration of retention is not to be understood.</summary>
public sealed class RetentionConfigurationException : MartenEventingException
{
    internal RetentionConfigurationException(string path, string problem)
        : base($"The configuration of retention: {path} {problem}.") => Path = path;

    /// <summary>Where in the file: <c>Retention.Rules[0].Age</c>.</summary>
    public string Path { get; }
}
