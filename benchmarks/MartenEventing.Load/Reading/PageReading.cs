using Npgsql;

namespace MartenEventing.Load.Reading;

/// <summary>
/// Reads pages in the order of the sequence, as Marten's daemon does, and never again. It stops before a gap until all
/// appends are over that had begun when the gap was seen; what appears behind its back later is lost to it.
/// </summary>
internal sealed class PageReading(LoadOptions options, AppendClock clock, long position) : IReading
{
    private readonly HashSet<long> _seen = [];
    private long[]? _gapSeen;

    /// <summary>What it has come to.</summary>
    public long Position { get; private set; } = position;

    /// <summary>True when it has read the event.</summary>
    public bool HasSeen(long number)
    {
        lock (_seen)
            return _seen.Contains(number);
    }

    public async Task<string?> ReadAsync(NpgsqlConnection connection)
    {
        var isDead = _gapSeen is not null && clock.HasPassed(_gapSeen);
        await using var command = new NpgsqlCommand(
            $"select seq_id, id, data from {options.Schema}mt_events where seq_id > $1 order by seq_id limit 500",
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = Position });
        var page = new List<long>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                page.Add(reader.GetInt64(0));
        }

        foreach (var number in page)
        {
            if (number <= Position)
                return $"page after {Position}: event {number} is out of order or double";
            if (number > Position + 1 && !isDead)
            {
                _gapSeen ??= clock.Now();
                return null;
            }

            (isDead, _gapSeen, Position) = (false, null, number);
            lock (_seen)
                _seen.Add(number);
        }

        return null;
    }
}
