using Npgsql;

namespace MartenEventing.Load.Reading;

/// <summary>A reader that knows what it must find.</summary>
internal interface IReading
{
    /// <summary>Reads once. Returns what is wrong, or null.</summary>
    Task<string?> ReadAsync(NpgsqlConnection connection);
}
