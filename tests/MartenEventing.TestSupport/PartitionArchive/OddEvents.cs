using MartenEventing.Schema;
using MartenEventing.TestSupport.Postgres;
using Npgsql;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Events whose values are as odd as their types allow.</summary>
public static class OddEvents
{
    public const string Columns =
        """
        ALTER TABLE mt_events ADD COLUMN amount numeric, ADD COLUMN "od""d name\" text, ADD COLUMN span interval,
            ADD COLUMN document json, ADD COLUMN list text[], ADD COLUMN ratio float8, ADD COLUMN small smallint,
            ADD COLUMN fixed char(7), ADD COLUMN moment timestamp,
            ADD COLUMN doubled numeric GENERATED ALWAYS AS (amount * 2) STORED;
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'hstore') THEN
                CREATE EXTENSION hstore;
                ALTER TABLE mt_events ADD COLUMN tags hstore DEFAULT 'a=>1, "b,\""=>NULL, ü=>"=>"';
            END IF;
        END
        $$
        """;

    private static readonly string[] Json =
    [
        "null", "1", "-0", "0.1000", "1e400", "1E-30", "[]", "{}", "\"\"", "true",
        """{"a":{"b":[1,2.50,{"c":null}]}}""",
        """{"z":1,"a":2,"":3}""", """["\u0001\n\t\"\\/\u2028"]""", "\"Grüße 🚚 \\u00e9 \\ud83d\\ude9a\"",
        "99999999999999999999999999",
        $"\"{new string('x', 300_000)}\"",
        string.Concat(Enumerable.Repeat("[", 500)) + string.Concat(Enumerable.Repeat("]", 500)),
    ];

    private static readonly string?[] Texts =
    [
        null, "", " ", "plain", "Grüße 🚚", "tab\tand\nline\r\\N \\. \u0001\u001f\u007f", "'quoted' \"twice\"", "\\",
        "null",
        new string('ü', 5_000), "\u2028\u2029",
    ];

    private static readonly string?[] Numbers =
        [null, "0", "0.1000", "-1.50", "1e400", "NaN", "12345678901234567890.10"];

    /// <summary>Appends random events to a store of any kind; the times are those given, taken in turns.</summary>
    public static async Task AppendAsync(StoreDatabase store, Random random, int count, params string[] times)
    {
        var isString = store.Options.StreamIdentity == StreamIdentity.String;
        var isConjoined = store.Options.Tenancy == EventTenancy.Conjoined;
        string[] tenants = isConjoined ? ["*DEFAULT*", "b'\\", "ü"] : ["*DEFAULT*"];
        var streams = Enumerable.Range(0, Math.Max(1, count / 5))
            .Select(i => isString ? $"{Texts[i % 9] ?? "x"}{i}\\\"" : new Guid(i, 7, 7, new byte[8]).ToString())
                .ToList();
        for (var i = 0; i < count; i++)
        {
            var stream = streams[random.Next(streams.Count)];
            var tenant = tenants[random.Next(tenants.Length)];
            await store.DataSource.ExecuteAsync(
                $"""
                 WITH s AS (
                     INSERT INTO mt_streams (id, tenant_id, version, type, created)
                     VALUES ($1::{(isString ? "varchar" : "uuid")}, $2, 1, 'parcel', now())
                     ON CONFLICT ({(isConjoined ? "tenant_id, " : "")}id) DO UPDATE SET version = mt_streams.version + 1
                     RETURNING id, version)
                 INSERT INTO mt_events (seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id,
                     mt_dotnet_type, correlation_id, headers, is_archived, amount, "od""d name\", span, document, list,
                     ratio, small, fixed, moment)
                 SELECT nextval('mt_events_sequence'), gen_random_uuid(), s.id, s.version, $3::jsonb, $4, $5,
                     $6::timestamptz, $2, $7, $8::text, $9::jsonb, $10, $11::numeric, $8::text, $12::interval,
                     $13::json, $14,
                     $15::float8, $16::smallint, $17, $6::timestamp
                   FROM s
                 """,
                stream, tenant, Pick(random, Json)!, Bytes(random), Pick(random, ["scanned", "Übergabe\t", "x"])!,
                times[i % times.Length], Pick(random, Texts) ?? (object)DBNull.Value,
                Pick(random, Texts) ?? (object)DBNull.Value,
                Pick(random, [null, "null", """{"k":"v"}"""]) ?? (object)DBNull.Value,
                Pick(random, [null, "t", "f"]) is { } f ? f == "t" : DBNull.Value,
                Pick(random, Numbers) ?? (object)DBNull.Value,
                Pick(random, [null, "1 year 2 mons -3 days 04:05:06.789", "00:00:00"]) ?? (object)DBNull.Value,
                Pick(random, [null, "{ \"a\" :\n 1, \"a\": 2 }", "null"]) ?? (object)DBNull.Value,
                new[] { "a", "b,\"\\", "", "NULL" },
                Pick(random, [null, "0.1", "-Infinity", "1e-300", "NaN"]) ?? (object)DBNull.Value,
                Pick(random, [null, "-32768"]) ?? (object)DBNull.Value,
                Pick(random, [null, "ab"]) ?? (object)DBNull.Value);
        }
    }

    private static string? Pick(Random random, string?[] values) => values[random.Next(values.Length)];

    private static object Bytes(Random random)
    {
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return random.Next(2) == 0 ? DBNull.Value : bytes;
    }
}
