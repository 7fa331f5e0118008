using Npgsql;

namespace MartenEventing.Load.Reading;

/// <summary>Looks for acknowledged events by their sequence numbers: each is there, once.</summary>
internal sealed class PresenceReading(LoadOptions options, Ledger ledger) : IReading
{
    public async Task<string?> ReadAsync(NpgsqlConnection connection)
    {
        var wanted = ledger.SomeEvents();
        await using var command = new NpgsqlCommand(
            $"select seq_id from {options.Schema}mt_events where seq_id = any ($1)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = wanted });
        var found = new List<long>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            found.Add(reader.GetInt64(0));
        if (found.Count == wanted.Length && found.Distinct().Count() == wanted.Length)
            return null;
        var missing = string.Join(", ", wanted.Except(found));
        return $"of {wanted.Length} acknowledged events {found.Count} were found; missing: {missing}";
    }
}
