namespace MartenEventing.LocalPostgres;

/// <summary>A local PostgreSQL server could not be created, started or stopped.</summary>
public sealed class LocalServerException : Exception
{
    internal LocalServerException(string message, string directory, string output)
        : base(output.Length == 0 ? message : $"{message}{Environment.NewLine}{output}")
    {
        Directory = directory;
        Output = output;
    }

    internal LocalServerException(string message, string directory, Exception cause)
        : base(message, cause)
    {
        Directory = directory;
        Output = "";
    }

    /// <summary>The folder of the server.</summary>
    public string Directory { get; }

    /// <summary>What the program that failed wrote, or the end of the server's log; may be empty.</summary>
    public string Output { get; }
}
