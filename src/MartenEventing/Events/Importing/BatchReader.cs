using System.Globalization;
using System.Runtime.CompilerServices;
using MartenEventing.Schema;

namespace MartenEventing.Events.Importing;

/// <summary>Reads the input as batches, but for what is done already.</summary>
internal sealed class BatchReader(
    ImportInput input, ImportState done, string source, ImportOptions options, StreamIdentity identity, string tenant)
{
    private static readonly string Limit =
        string.Create(CultureInfo.InvariantCulture, $"{LineReader.LongestLine:N0} bytes (64 MiB)");

    private readonly LineParser _parser = new(identity);
    private readonly BatchBuilder _builder = new(options.BatchSize, done, tenant);

    /// <exception cref="InvalidImportLineException">
    /// A line is no event and is not set aside; the lines before it have come.
    /// </exception>
    public async IAsyncEnumerable<ImportBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = input.Lines;
        InvalidImportLineException? end = null;
        while (end is null)
        {
            var number = lines.Number + 1;
            try
            {
                if (!await lines.ReadAsync(cancellationToken))
                    break;
                if (lines.IsTooLong)
                    await PassAsync(number, lines, cancellationToken);
                else if (number > done.Lines)
                    Take(number, lines.Line.Span);
            }
            catch (Exception error) when (error is LineFormatException or InvalidDataException)
            {
                end = Invalid(number, error);
            }

            if (end is null && _builder.IsFull)
                yield return _builder.Take(lines.Number, input.Raw.BytesRead);
        }

        var read = end?.LineNumber - 1 ?? lines.Number;
        if (read > _builder.LinesBefore)
            yield return _builder.Take(read, input.Raw.BytesRead);
        if (end is not null)
            throw end;
    }

    private void Take(long number, ReadOnlySpan<byte> line)
    {
        if (line.Trim(" \t"u8).IsEmpty)
            return;
        try
        {
            _builder.Add(number, _parser.Parse(line), line);
        }
        catch (LineFormatException error) when (options.SetAside is not null)
        {
            _builder.Add(number, error.Message, line);
        }
    }

    /// <summary>Without an end in sight it is read on only where somebody wants what is behind it.</summary>
    private async Task PassAsync(long number, LineReader lines, CancellationToken cancellationToken)
    {
        var isDone = number <= done.Lines;
        if (!isDone && options.SetAside is null)
            throw new LineFormatException($"it is longer than {Limit}, the most that a line may have.");
        var length = await lines.PassAsync(cancellationToken);
        if (!isDone)
            _builder.Add(number, string.Create(
                CultureInfo.InvariantCulture, $"it has {length:N0} bytes; a line may have {Limit}."), lines.Line.Span);
    }

    private InvalidImportLineException Invalid(long number, Exception error)
    {
        var isRead = error is not InvalidDataException;
        var reason = isRead ? error.Message : $"its bytes cannot be read: {error.Message}";
        return new InvalidImportLineException(number, reason, source, error) { CanBeSetAside = isRead };
    }
}
