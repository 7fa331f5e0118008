using Npgsql;

namespace MartenEventing.Load.Writing;

/// <summary>A way of Marten to append events to a stream.</summary>
internal interface IAppender
{
    /// <summary>Appends events of these times after the version expected. Returns their sequence numbers.</summary>
    /// <exception cref="LostStreamException">Another writer was first.</exception>
    Task<long[]> AppendAsync(NpgsqlConnection connection, Guid stream, long expected, DateTime[] times);
}
