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
internal sealed partial class StreamReader(StoreOptions options)
{
    private readonly string _everywhere = $" from {options.Events.DatabaseSchemaName}.mt_events as d";
    private readonly string _schema = SqlText.Quote(StoreConfiguration.SchemaNameOf(options));
    private readonly bool _conjoined = options.Events.TenancyStyle == EventTenancy.Conjoined;

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
        builder.Append($" from {_schema}.mt_stream_events(null::{_schema}.mt_events, ");
        if (_conjoined)
        {
            builder.AppendParameter(isGlobal ? StorageConstants.DefaultTenantId : session.TenantId);
            builder.Append(", ");
        }

        builder.AppendParameter(stream);
        builder.Append(") as d");
        AppendRest(builder, text[(at + _everywhere.Length)..], statement.Parameters);
    }

    /// <summary>
    /// The beginning of a statement whose rest names one stream as d.stream_id: the events of all, after the version
    /// that a table of documents has of it. The rest may join that table and ask for the same again.
    /// </summary>
    public string OfStreams(IEnumerable<string> fields, string? documents, bool byTenant)
    {
        var own = _conjoined ? new[] { "stream_id", "tenant_id" } : ["stream_id"];
        var rows = own.Select(name => name == "stream_id" ? "s.id as stream_id" : "s." + name)
            .Concat(fields.Except(own).Select(name => "e." + name));
        var join = documents is null
            ? ""
            : $" left outer join {documents} as r on r.id = s.id{(byTenant ? " and r.tenant_id = s.tenant_id" : "")}";
        var after = documents is null ? "0" : "coalesce(r.mt_version, 0)";
        return $"select {string.Join(", ", fields.Select(name => "d." + name))} from (select {string.Join(", ", rows)} "
               + $"from {_schema}.mt_streams as s{join} cross join lateral {_schema}.mt_stream_events("
               + $"null::{_schema}.mt_events, {(_conjoined ? "s.tenant_id, " : "")}s.id, {after}) as e) as d";
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
