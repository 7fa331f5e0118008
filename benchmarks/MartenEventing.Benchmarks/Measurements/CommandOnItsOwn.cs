using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>A command with a connection of its own, prepared or not.</summary>
internal sealed class CommandOnItsOwn : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private CommandOnItsOwn(NpgsqlConnection connection, NpgsqlCommand command)
    {
        _connection = connection;
        Command = command;
    }

    public NpgsqlCommand Command { get; }

    /// <summary>Opens the connection for a statement of <c>sql/</c> with parameters of one type.</summary>
    public static async Task<CommandOnItsOwn> OpenAsync(
        NpgsqlDataSource source, string sql, bool prepared, NpgsqlDbType type, int parameters,
        CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        var command = new NpgsqlCommand(SqlFile.Read(sql), connection);
        for (var number = 0; number < parameters; number++)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        if (prepared)
            await command.PrepareAsync(cancellation);
        return new CommandOnItsOwn(connection, command);
    }

    public async ValueTask DisposeAsync()
    {
        await Command.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
