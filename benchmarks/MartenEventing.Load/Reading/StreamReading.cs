using Npgsql;

namespace MartenEventing.Load.Reading;

/// <summary>
/// Reads a whole stream: versions from 1 on without a gap, all that were acknowledged before among them.
/// </summary>
internal sealed class StreamReading(LoadOptions options, Ledger ledger, bool prepared) : IReading
{
    private NpgsqlCommand? _command;

    public async Task<string?> ReadAsync(NpgsqlConnection connection)
    {
        if (ledger.AnyStream() is not { } stream)
            return null;
        var least = stream.Version;
        _command ??= await CommandAsync(connection);
        _command.Parameters[0].Value = stream.Id;
        var read = 0L;
        await using var reader = await _command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            if (reader.GetInt64(0) != ++read)
                return $"stream {stream.Id}: event {read} has version {reader.GetInt64(0)}, {least} were acknowledged";
        }

        return read < least ? $"stream {stream.Id}: {read} events, {least} were acknowledged" : null;
    }

    private async Task<NpgsqlCommand> CommandAsync(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(
            $"select version, id, data from {options.Schema}mt_events where stream_id = $1 and tenant_id = $2 order " +
            "by version",
            connection);
        command.Parameters.Add(new NpgsqlParameter { Value = Guid.Empty });
        command.Parameters.Add(new NpgsqlParameter { Value = options.Tenant });
        if (prepared)
            await command.PrepareAsync();
        return command;
    }
}
