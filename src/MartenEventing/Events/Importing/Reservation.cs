using System.Runtime.InteropServices;
using MartenEventing.Events.Connecting;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Events.Importing;

/// <summary>The streams of a batch, and the room that the database gives their events.</summary>
internal sealed class Reservation
{
    private readonly List<StreamId> _streams = [];
    private readonly List<int> _counts = [];
    private readonly List<DateTime> _first = [];
    private readonly List<DateTime> _last = [];
    private readonly int[] _streamOfRow;

    public Reservation(ReadOnlySpan<ImportRow> rows)
    {
        var places = new Dictionary<StreamId, int>(rows.Length);
        _streamOfRow = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, rows[i].Stream, out var known);
            if (!known)
                place = Begin(rows[i].Stream);
            Count(place, PostgresTime.ToTime(rows[i].Time).UtcDateTime);
            _streamOfRow[i] = place;
        }
    }

    /// <summary>The statement; its result goes to <see cref="Assign"/>.</summary>
    public static string Sql(string prefix) =>
        $"SELECT {prefix}mt_reserve_streams($1, $2, $3, $4, $5)";

    public void Fill(NpgsqlCommand command, StoreSession session)
    {
        command.CommandText = Sql(session.Prefix);
        command.Parameters.With((IReadOnlyList<StreamId>)_streams)
            .With(_counts.ToArray())
            .With(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, _first.ToArray())
            .With(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, _last.ToArray())
            .With(NpgsqlDbType.Varchar, session.Scope.Tenant);
    }

    /// <summary>Gives each row its version, in the order of the lines.</summary>
    /// <returns>How many streams had no events before.</returns>
    public int Assign(ImportBatch batch, long[] versions)
    {
        var created = versions.Count(version => version == 0);
        for (var i = 0; i < _streamOfRow.Length; i++)
        {
            var offset = batch.Rows[i].Copy.Offset;
            batch.Copy.WriteInt64At(offset + BatchBuilder.VersionOffset, ++versions[_streamOfRow[i]]);
        }

        return created;
    }

    private int Begin(StreamId stream)
    {
        _streams.Add(stream);
        _counts.Add(0);
        _first.Add(DateTime.MaxValue);
        _last.Add(DateTime.MinValue);
        return _streams.Count - 1;
    }

    private void Count(int place, DateTime time)
    {
        _counts[place]++;
        if (time < _first[place])
            _first[place] = time;
        if (time > _last[place])
            _last[place] = time;
    }
}
