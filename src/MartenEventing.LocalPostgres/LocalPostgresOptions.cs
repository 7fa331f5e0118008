using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MartenEventing.LocalPostgres;

/// <summary>How a local server is found, where it keeps its data and how it is configured.</summary>
public sealed record LocalPostgresOptions
{
    /// <summary>
    /// The folder under which servers keep their data. Default for a persistent server: <c>MARTEN_EVENTING_HOME</c>,
    /// else the user's data folder (<c>~/.local/share/marten-eventing</c>; <c>/var/lib/marten-eventing</c> for root).
    /// Default for a temporary server: the system's temporary folder.
    /// </summary>
    public string? RootDirectory { get; init; }

    /// <summary>
    /// The name of a persistent server, that of its folder below <see cref="RootDirectory"/>: letters, digits, hyphens
    /// and underscores. Each name is a server of its own. Default: <c>server</c>, the one of the tool
    /// <c>marten-eventing</c>.
    /// </summary>
    public string Name { get; init; } = "server";

    /// <summary>
    /// Whether a persistent server that this process starts is stopped by <see cref="LocalServer.DisposeAsync"/>, else
    /// when the process ends, however it ends (on Windows: only by the former). Its data stay. One that ran already
    /// goes on running. Default: false.
    /// </summary>
    public bool EndsWithProcess { get; init; }

    /// <summary>
    /// The TCP port on 127.0.0.1, 1 to 65535; when it is taken, the next free one is used. Default: any free port for a
    /// temporary server; for a persistent one the port it had before, at first 54329.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>
    /// The folder holding initdb, pg_ctl and postgres. Default: found by <see cref="PostgresBinaries.FindAsync"/>.
    /// </summary>
    public string? BinDirectory { get; init; }

    /// <summary>
    /// The folder in which fetched binaries are kept. Default: <c>MARTEN_EVENTING_CACHE</c>, else
    /// <c>marten-eventing</c> in the user's cache folder (<c>/var/cache/marten-eventing</c> for root).
    /// </summary>
    public string? CacheDirectory { get; init; }

    /// <summary>The major version to fetch when no binaries are installed, 15 to 18. Default: 17.</summary>
    public int FetchedMajorVersion { get; init; } = 17;

    /// <summary>Settings for postgresql.conf, by name; they win over the ones set here. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the server may take to start or stop, crash recovery included. Default: 60 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where progress is logged. Default: nowhere.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
