using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>Sends the rows of a batch by binary COPY.</summary>
internal static class RowCopy
{
    private const int PieceLength = 1 << 17;

    /// <summary>The signature, no flags, no further header.</summary>
    private static readonly byte[] Header =
        [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly byte[] Trailer = [0xFF, 0xFF];

    public static string Sql(string prefix) =>
        $"COPY {prefix}mt_events ({BatchBuilder.Columns}) FROM STDIN (FORMAT binary)";

    public static async Task SendAsync(
        NpgsqlConnection connection, string prefix, ImportBatch batch, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(Sql(prefix), cancellationToken);
        copy.WithoutTimeout();
        await copy.WriteAsync(Header, cancellationToken);
        using var piece = new CopyBuffer(PieceLength);
        foreach (var row in InOrderOfTime(batch))
        {
            piece.Append(batch.Copy.Slice(row.Offset, row.Length).Span);
            if (piece.Length < PieceLength)
                continue;
            await copy.WriteAsync(piece.Slice(0, piece.Length), cancellationToken);
            piece.Truncate(0);
        }

        piece.Append(Trailer);
        await copy.WriteAsync(piece.Slice(0, piece.Length), cancellationToken);
    }

    /// <summary>
    /// So that the server fills one partition after the other, and each in the order that its block range index likes.
    /// </summary>
    private static (int Offset, int Length)[] InOrderOfTime(ImportBatch batch)
    {
        var times = new long[batch.Count];
        var places = new (int, int)[batch.Count];
        var isInOrder = true;
        for (var i = 0; i < places.Length; i++)
        {
            (times[i], places[i]) = (batch.Rows[i].Time, batch.Rows[i].Copy);
            isInOrder &= i == 0 || times[i] >= times[i - 1];
        }

        if (!isInOrder)
            Array.Sort(times, places);
        return places;
    }
}
