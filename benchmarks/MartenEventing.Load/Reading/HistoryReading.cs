using Npgsql;

namespace MartenEventing.Load.Reading;

/// <summary>
/// Pages through all events from before the load, as a rebuild does, again and again: each time all are there.
/// </summary>
internal sealed class HistoryReading(LoadOptions options, long last, long count) : IReading
{
    private long _position;
    private long _read;

    public async Task<string?> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            $"select seq_id from {options.Schema}mt_events where seq_id > $1 and seq_id <= $2 order by seq_id limit " +
            "1000",
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = _position });
        command.Parameters.Add(new NpgsqlParameter { Value = last });
        var rows = 0;
        await using (var reader = await command.ExecuteReaderAsync())
        {
            for (; await reader.ReadAsync(); rows++)
            {
                if (reader.GetInt64(0) <= _position)
                    return $"history: event {reader.GetInt64(0)} is out of order or double";
                _position = reader.GetInt64(0);
            }
        }

        _read += rows;
        if (rows == 1000)
            return null;
        var read = _read;
        (_position, _read) = (0, 0);
        return read == count ? null : $"history: {read} events were read, not {count}";
    }
}
