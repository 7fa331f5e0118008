using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Retention;

/// <summary>What writers do to the store of a case, and what is in it.</summary>
internal sealed class CaseEvents(CaseStore cases, Random random)
{
    /// <summary>
    /// Appends an event with its tag; false when the stream must be there and is not. A row of mt_streams tells now of
    /// writers who say so, else the server's now.
    /// </summary>
    public async Task<bool> AppendAsync(CaseStream stream, DateTimeOffset at, DateTimeOffset now, bool mustBeThere)
    {
        await using var connection = await cases.Store.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (mustBeThere && await OneAsync(
                connection, "SELECT 1::bigint FROM mt_streams WHERE id = $1 AND tenant_id = $2 FOR UPDATE",
                stream.Id, stream.Tenant) is null)
            return false;
        if (stream.Events.Count == 0)
            await OneAsync(
                connection,
                """
                WITH s AS (INSERT INTO mt_streams (id, version, tenant_id, type, created, timestamp)
                           VALUES ($1, 0, $2, $3, $4, $4))
                INSERT INTO mt_natural_key_parcel SELECT $1::uuid || $2
                """.Replace("SELECT $1::uuid || $2", cases.Tenancy == EventTenancy.Conjoined
                    ? "(natural_key_value, tenant_id, stream_id) VALUES ($1::uuid || $2, $2, $1) RETURNING 1::bigint"
                    : "(natural_key_value, stream_id) VALUES ($1::uuid || $2, $1) RETURNING 1::bigint",
                    StringComparison.Ordinal),
                stream.Id, stream.Tenant, stream.IsNote ? "note" : "parcel",
                random.Next(2) == 0 ? now : DateTimeOffset.UtcNow);
        var sequence = await OneAsync(
            connection,
            $"""
             WITH e AS (
                 INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, headers)
                 VALUES (nextval('mt_events_sequence'), gen_random_uuid(), $1, $2, '1', $3, $4, $5, $6::text::jsonb)
                 RETURNING seq_id)
             INSERT INTO mt_event_tag_parcel (value,
                 {(cases.Tenancy == EventTenancy.Conjoined ? "tenant_id, " : "")}seq_id)
             SELECT 'red', {(cases.Tenancy == EventTenancy.Conjoined ? "$5, " : "")}seq_id FROM e RETURNING seq_id
             """,
            stream.Id, stream.Events.Count + 1L, stream.IsSigned && stream.Events.Count == 0 ? "signed" : "scanned", at,
            stream.Tenant, stream.IsKept ? """{"kept": 1}""" : "{}");
        await transaction.CommitAsync();
        stream.Events.Add((at, sequence!.Value));
        return true;
    }

    /// <summary>All streams as <see cref="CaseStream.Describe"/> says it.</summary>
    public async Task<Dictionary<string, string>> StreamsAsync() => (await cases.Store.ColumnAsync<string>(
        """
        SELECT s.tenant_id || ' ' || s.id || ': ' || coalesce((
               SELECT string_agg(e.version || '@' || e.seq_id, ' ' ORDER BY e.version)
                 FROM mt_events e WHERE e.stream_id = s.id AND e.tenant_id = s.tenant_id), '')
          FROM mt_streams s
        """)).ToDictionary(text => text[..text.IndexOf(':', StringComparison.Ordinal)]);

    /// <summary>What does not fit together: events, rows of streams, versions, tags, natural keys.</summary>
    public Task<List<string>> InconsistenciesAsync() => cases.Store.ColumnAsync<string>(
        $"""
         SELECT 'no stream of event ' || e.seq_id FROM mt_events e
          WHERE NOT EXISTS (SELECT FROM mt_streams s WHERE s.id = e.stream_id AND s.tenant_id = e.tenant_id)
          UNION ALL
         SELECT 'version of stream ' || s.id FROM mt_streams s
          WHERE s.version <> (SELECT max(e.version) FROM mt_events e WHERE e.stream_id = s.id
              AND e.tenant_id = s.tenant_id)
          UNION ALL
         SELECT 'tag of event ' || seq_id FROM mt_event_tag_parcel t FULL JOIN mt_events e USING (seq_id)
          WHERE t IS NULL OR e IS NULL
          UNION ALL
         SELECT 'key of stream ' || coalesce(k.stream_id, s.id) FROM mt_natural_key_parcel k
           FULL JOIN mt_streams s ON s.id = k.stream_id AND k.natural_key_value = s.id || s.tenant_id
          WHERE k IS NULL OR s IS NULL
          UNION ALL
         SELECT 'bounds of stream ' || b.stream_id FROM mt_stream_bounds b
          WHERE NOT EXISTS (SELECT FROM mt_streams s WHERE s.id = b.stream_id
                            {(cases.Tenancy == EventTenancy.Conjoined ? "AND s.tenant_id = b.tenant_id" : "")})
         """);

    public async Task<List<CasePartition>> PartitionsAsync()
    {
        await using var command = cases.Store.DataSource.CreateCommand(
            """
            SELECT CASE WHEN isfinite(lower_bound) THEN lower_bound END, CASE WHEN isfinite(upper_bound)
                   THEN upper_bound END
              FROM mt_partitions() ORDER BY lower_bound
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var partitions = new List<CasePartition>();
        while (await reader.ReadAsync())
            partitions.Add(new CasePartition(At(0), At(1)));
        return partitions;

        DateTimeOffset? At(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
    }

    private static async Task<long?> OneAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (long?)await command.ExecuteScalarAsync();
    }
}
