namespace MartenEventing.LocalPostgres;

/// <summary>No usable PostgreSQL binaries were found in any of the ways tried.</summary>
public sealed class PostgresNotFoundException : Exception
{
    internal PostgresNotFoundException(IReadOnlyList<PostgresSearchStep> steps)
        : base(Describe(steps)) => Steps = steps;

    /// <summary>The ways tried, in order, each with what came of it.</summary>
    public IReadOnlyList<PostgresSearchStep> Steps { get; }

    private static string Describe(IReadOnlyList<PostgresSearchStep> steps)
    {
        var tried = steps.Select(step => $"  - {step.Way}: {step.Outcome}");
        return string.Join(Environment.NewLine,
        [
            "No usable PostgreSQL (initdb, pg_ctl and postgres of version 15 or newer) was found. Tried:",
            .. tried,
            "Do one of these:",
            "  - install PostgreSQL (Debian: apt install postgresql; Red Hat: dnf install postgresql-server; "
                + "Homebrew: brew install postgresql@17), or",
            "  - set MARTEN_EVENTING_PG_BIN to the folder that holds initdb, pg_ctl and postgres, or",
            "  - install npm (Node.js), so that the binaries can be fetched, or",
            "  - set MARTEN_EVENTING_CONNECTION to the connection string of a server that runs already.",
        ]);
    }
}
