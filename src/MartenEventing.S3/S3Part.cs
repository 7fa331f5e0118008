using System.Net;
using Amazon.S3.Model;

namespace MartenEventing.S3;

/// <summary>
/// A part of an object, read to its end: when the connection is cut, reading goes on where it was, of the same version.
/// </summary>
internal sealed class S3Part(S3ArchiveStorage storage, string key, long offset, long length) : Stream
{
    private const int Attempts = 5;

    private GetObjectResponse? _response;
    private string? _version;
    private readonly long _stop = offset + length;
    private long _at = offset;
    private long _end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>False when there is no such object.</summary>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _response = await storage.GetAsync(key, _at, Math.Max(_at, _stop - 1), _version, cancellationToken);
        }
        catch (IOException error) when (
            _version is null && S3ArchiveStorage.StatusOf(error) == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            _end = _at; // there is one, and it ends before the part begins
            return true;
        }

        if (_response is null)
            return false;
        _version ??= _response.ETag;
        _end = Math.Min(_stop, _at + _response.ContentLength);
        return true;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, _end - _at);
        if (wanted == 0)
            return 0;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (_response is null && !await OpenAsync(cancellationToken))
                    throw new IOException($"{storage.Location}: {key} has gone while it was read.");
                var read = await _response!.ResponseStream.ReadAsync(buffer[..wanted], cancellationToken);
                if (read == 0)
                    throw new EndOfStreamException($"{storage.Location}: {key} broke off at byte {_at} of {_end}.");
                _at += read;
                return read;
            }
            catch (Exception error) when (attempt < Attempts && IsCut(error))
            {
                LetGo();
                await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), cancellationToken);
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            LetGo();
        base.Dispose(disposing);
    }

    private static bool IsCut(Exception error) =>
        error is HttpRequestException || (error is IOException cut && S3ArchiveStorage.StatusOf(cut) is null);

    private void LetGo()
    {
        _response?.Dispose();
        _response = null;
    }
}
