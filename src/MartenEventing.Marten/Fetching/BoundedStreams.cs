using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using JasperFx;
using Marten;
using MartenEventing.Marten.Modeling;
using Npgsql;
using Weasel.Postgresql;
using Weasel.Storage;
using EventTenancy = JasperFx.MultiTenancy.TenancyStyle;

namespace MartenEventing.Marten.Fetching;

/// <summary>
/// Turns Marten's own statements for one stream, which are planned over every partition, to <c>mt_stream_events</c>,
/// which gives the same rows from the partitions of the stream's life.
/// </summary>
internal sealed partial class BoundedStreams(StoreOptions options)
{
    private static readonly ConditionalWeakTable<StoreOptions, BoundedStreams> Known = [];

    private readonly string _everywhere = $" from {options.Events.DatabaseSchemaName}.mt_events as d";
    private readonly string _schema = SqlText.Quote(StoreConfiguration.SchemaNameOf(options));
    private readonly bool _conjoined = options.Events.TenancyStyle == EventTenancy.Conjoined;

    /// <summary>The call, up to its first argument of the stream's.</summary>
    private string Function => $"{_schema}.mt_stream_events(null::{_schema}.mt_events, ";

    /// <summary>That of a store; null where its streams are to be read as Marten reads them.</summary>
    public static BoundedStreams? Of(StoreOptions options) =>
        PartitionedModel.Find(options)?.Events is { BoundFetches: true, WhenPlain: not PlainStorePolicy.RunPlain }
            ? Known.GetValue(options, one => new BoundedStreams(one))
            : null;

    /// <summary>Appends a statement of Marten's for a stream; as it is, where it is none of all events.</summary>
    public void Append<TId>(
        ICommandBuilder builder, TId stream, bool isGlobal, IStorageSession session,
        Action<ICommandBuilder, IStorageSession> martens) where TId : notnull
    {
        var own = new BatchBuilder { TenantId = builder.TenantId };
        martens(own, session);
        var statement = own.Compile().BatchCommands[0];
        var (text, at) = (statement.CommandText, statement.CommandText.IndexOf(_everywhere, StringComparison.Ordinal));
        if (at < 0)
        {
            martens(builder, session);
            return;
        }

        builder.Append(text[..at]);
        AppendFrom(builder, stream, isGlobal ? StorageConstants.DefaultTenantId : session.TenantId, after: 0);
        AppendRest(builder, text[(at + _everywhere.Length)..], statement.Parameters);
    }

    /// <summary>What Marten's FetchStreamAsync asks for.</summary>
    public NpgsqlCommand Read(
        IEnumerable<string> fields, object stream, string tenant, long version, DateTimeOffset? timestamp,
        long fromVersion)
    {
        var builder = new CommandBuilder();
        builder.Append("select " + string.Join(", ", fields.Select(name => "d." + name)));
        AppendFrom(builder, stream, tenant, fromVersion - 1);
        builder.Append(" where d.is_archived = FALSE");
        if (options.Events.EnableEventSkippingInProjectionsOrSubscriptions)
            builder.Append(" and d.is_skipped = FALSE");
        if (version != 0)
        {
            builder.Append(" and d.version <= ");
            builder.AppendParameter(version);
        }

        if (timestamp is { } last)
        {
            builder.Append(" and d.timestamp <= ");
            builder.AppendParameter(last.ToUniversalTime());
        }

        builder.Append(" order by d.seq_id");
        return builder.Compile();
    }

    /// <summary>Appends where the events of a stream after a version come from, as d.</summary>
    private void AppendFrom(ICommandBuilder builder, object stream, string tenant, long after)
    {
        builder.Append(" from " + Function);
        if (_conjoined)
        {
            builder.AppendParameter(tenant);
            builder.Append(", ");
        }

        builder.AppendParameter(stream);
        if (after > 0)
        {
            builder.Append(", ");
            builder.AppendParameter(after);
        }

        builder.Append(") as d");
    }

    /// <summary>
    /// The beginning of a statement whose rest names one stream as d.stream_id: the events of all, after the version
    /// that a table of documents has of it. The rest may join that table and ask for the same again.
    /// </summary>
    public string OfStreams(IEnumerable<string> fields, string? documents, bool byTenant)
    {
        string[] key = _conjoined ? ["s.id as stream_id", "s.tenant_id"] : ["s.id as stream_id"];
        string[] known = _conjoined ? ["stream_id", "tenant_id"] : ["stream_id"];
        var rows = key.Concat(fields.Append("is_archived").Except(known).Select(name => "e." + name));
        var join = documents is null
            ? ""
            : $" left outer join {documents} as r on r.id = s.id{(byTenant ? " and r.tenant_id = s.tenant_id" : "")}";
        var selected = string.Join(", ", fields.Select(name => "d." + name));
        return $"select {selected} from (select {string.Join(", ", rows)} from {_schema}.mt_streams as s{join} "
               + $"cross join lateral {Function}{(_conjoined ? "s.tenant_id, " : "")}s.id, "
               + $"{(documents is null ? "null" : "r.mt_version")}) as e) as d";
    }

    private static void AppendRest(ICommandBuilder builder, string text, NpgsqlParameterCollection parameters)
    {
        var from = 0;
        foreach (Match placeholder in Placeholder().Matches(text))
        {
            builder.Append(text[from..placeholder.Index]);
            var parameter = parameters[int.Parse(placeholder.ValueSpan[1..]) - 1];
            builder.AppendParameter(parameter.Value, parameter.NpgsqlDbType);
            from = placeholder.Index + placeholder.Length;
        }

        builder.Append(text[from..]);
    }

    [GeneratedRegex(@"\$\d+")]
    private static partial Regex Placeholder();
}
