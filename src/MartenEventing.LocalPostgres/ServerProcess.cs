namespace MartenEventing.LocalPostgres;

/// <summary>What can be told of a process that a pid file names: is it the server of that data folder?</summary>
internal enum ServerProcess
{
    /// <summary>It is gone, or certainly something else.</summary>
    Other,

    /// <summary>It is a PostgreSQL process that may serve the folder under another name: hands off.</summary>
    Unknown,

    /// <summary>It is the server of the folder.</summary>
    Server,
}
