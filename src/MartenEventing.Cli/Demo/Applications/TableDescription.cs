using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace MartenEventing.Cli.Demo.Applications;

/// <summary>What <c>\d+ mt_events</c> tells in psql.</summary>
/// <param name="Lines">Line by line.</param>
/// <param name="IsPsql">Whether psql has told it; else it is the same from the catalogs.</param>
internal sealed record TableDescription(IReadOnlyList<string> Lines, bool IsPsql)
{
    private const string Table = "mt_events";
    private const int Widest = 94;
    private const int PartitionsShown = 3;

    private const string Catalogs =
        $"""
        SELECT concat_ws(' | ', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END)
          FROM (SELECT * FROM pg_attribute WHERE attrelid = '{Table}'::regclass AND attnum > 0 AND NOT attisdropped
                 ORDER BY attnum) AS columns
        UNION ALL SELECT 'Partition key: ' || pg_get_partkeydef('{Table}'::regclass)
        UNION ALL SELECT 'Indexes:'
        UNION ALL SELECT '    ' || pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = '{Table}'::regclass
        UNION ALL SELECT 'Triggers:'
        UNION ALL SELECT '    ' || pg_get_triggerdef(oid) FROM pg_trigger
                   WHERE tgrelid = '{Table}'::regclass AND NOT tgisinternal
        UNION ALL SELECT 'Partitions:'
        UNION ALL SELECT format('    %s %s', relname, pg_get_expr(relpartbound, oid))
                    FROM (SELECT c.* FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
                           WHERE inhparent = '{Table}'::regclass ORDER BY relname) AS partitions
        """;

    /// <summary>By psql where there is one, in these folders; else from the catalogs.</summary>
    public static async Task<TableDescription> ReadAsync(
        NpgsqlDataSource source, string connectionString, IEnumerable<string> folders, CancellationToken cancellation)
    {
        var name = OperatingSystem.IsWindows() ? "psql.exe" : "psql";
        var psql = folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (psql is not null && await AskAsync(psql, connectionString, cancellation) is { } told)
            return new TableDescription(told.ReplaceLineEndings("\n").Trim().Split('\n'), IsPsql: true);
        return new TableDescription(
            await source.RowsAsync(Catalogs, reader => reader.GetString(0), cancellation), IsPsql: false);
    }

    /// <summary>Without psql's columns from Storage on, and without most partitions; no line is too long.</summary>
    public IEnumerable<string> Shortened()
    {
        var columns = Lines.TakeWhile(line => !line.StartsWith("Partition key", StringComparison.Ordinal)).ToList();
        var storage = columns.Max(line => line.IndexOf("| Storage", StringComparison.Ordinal));
        var width = storage > 0 ? Math.Min(storage, Widest) : Widest;
        var rest = Lines.Skip(columns.Count).ToList();
        var partitions = rest.Where(IsPartition).ToList();
        var left = partitions.Count - 2 * PartitionsShown;
        if (left > 1)
        {
            partitions.RemoveRange(PartitionsShown, left);
            partitions.Insert(PartitionsShown, $"            ... {left} more");
        }

        return
        [
            .. columns.Select(line => line[..Math.Min(line.Length, width)].TrimEnd()),
            .. rest.TakeWhile(line => !IsPartition(line)).Concat(partitions)
                .Concat(rest.SkipWhile(line => !IsPartition(line)).Where(line => !IsPartition(line)))
                .Select(Cut),
        ];
    }

    private static string Cut(string line) => line.Length > Widest ? line[..(Widest - 3)] + "..." : line;

    private static bool IsPartition(string line) => line.Contains(" FOR VALUES ", StringComparison.Ordinal);

    /// <summary>Null when it does not come to an answer.</summary>
    private static async Task<string?> AskAsync(string psql, string connectionString, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(psql, ["-X", "-w", "-P", "pager=off", "-c", $@"\d+ {Table}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = connection.Host,
                ["PGPORT"] = $"{connection.Port}",
                ["PGUSER"] = connection.Username,
                ["PGPASSWORD"] = connection.Password,
                ["PGDATABASE"] = connection.Database,
            },
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await Task.WhenAll(output, error);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? await output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
