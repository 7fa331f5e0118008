namespace MartenEventing.Politeness;

/// <summary>
/// What was asked for needs a session of the server's to itself, and a pooler in between gives each transaction another
/// one. Nothing was changed.
/// </summary>
public sealed class SessionNotKeptException : MartenEventingException
{
    internal SessionNotKeptException(string? host, int port)
        : base($"A pooler that gives each transaction another session stands between, at {host}:{port}: "
            + "locks and settings would not hold from one statement to the next, and reach other clients. Connect to "
            + "the server itself (or by a pool in session mode) for maintenance, conversion, retention, imports and "
            + "archives. Nothing was changed.") =>
        (Host, Port) = (host, port);

    /// <summary>The host that was connected to.</summary>
    public string? Host { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }
}
