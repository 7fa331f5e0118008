using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Events.Connecting;

/// <summary>Positional parameters with their types.</summary>
internal static class Parameters
{
    public static NpgsqlParameterCollection With<T>(this NpgsqlParameterCollection parameters, T value)
        where T : notnull
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return parameters;
    }

    /// <summary>A value of this type; null is NULL.</summary>
    public static NpgsqlParameterCollection With(
        this NpgsqlParameterCollection parameters, NpgsqlDbType type, object? value)
    {
        parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return parameters;
    }

    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, StreamId stream)
    {
        parameters.Add(stream.Name is { } name
            ? new NpgsqlParameter<string> { TypedValue = name, NpgsqlDbType = NpgsqlDbType.Varchar }
            : new NpgsqlParameter<Guid> { TypedValue = stream.Guid });
        return parameters;
    }

    /// <summary>What <see cref="TenantScope.And"/> asks for.</summary>
    public static NpgsqlParameterCollection With(this NpgsqlParameterCollection parameters, TenantScope scope) =>
        scope.IsConjoined ? parameters.With(NpgsqlDbType.Varchar, scope.Tenant) : parameters;

    /// <summary>An array of streams, all of one identity.</summary>
    public static NpgsqlParameterCollection With(
        this NpgsqlParameterCollection parameters, IReadOnlyList<StreamId> streams) =>
        streams is [{ Name: not null }, ..]
            ? parameters.With(
                NpgsqlDbType.Array | NpgsqlDbType.Varchar, streams.Select(stream => stream.Name).ToArray())
            : parameters.With(streams.Select(stream => stream.Guid).ToArray());
}
