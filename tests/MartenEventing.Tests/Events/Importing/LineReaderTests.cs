using System.Text;
using MartenEventing.Events.Importing;

namespace MartenEventing.Tests.Events.Importing;

public sealed class LineReaderTests
{
    private const int Longest = 64 * 1024 * 1024;

    [Theory]
    [InlineData(Longest, false)]
    [InlineData(Longest + 1, true)]
    public async Task a_line_may_have_64_MiB(int length, bool isTooLong)
    {
        foreach (var end in (string[])["\nnext\n", ""])
        {
            using var lines = new LineReader(new Filled("", length, end));

            (await lines.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();

            (lines.IsTooLong, lines.Line.Length).ShouldBe((isTooLong, isTooLong ? 1_000 : length));
        }
    }

    /// <summary>No array of .NET could hold it.</summary>
    [Fact]
    public async Task a_line_that_no_memory_holds_is_read_past()
    {
        const long length = 3L << 30;
        using var lines = new LineReader(new Filled("first\n", length, "\r\nthird"));
        var cancellation = TestContext.Current.CancellationToken;
        await lines.ReadAsync(cancellation);

        await lines.ReadAsync(cancellation);
        (lines.IsTooLong, lines.Number, await lines.PassAsync(cancellation)).ShouldBe((true, 2, length + 1));
        Encoding.ASCII.GetString(lines.Line.Span).ShouldBe(new string('x', 1_000));

        (await lines.ReadAsync(cancellation)).ShouldBeTrue();
        (lines.IsTooLong, lines.Number, Encoding.ASCII.GetString(lines.Line.Span)).ShouldBe((false, 3, "third"));
        (await lines.ReadAsync(cancellation)).ShouldBeFalse();
    }

    /// <summary>So many x between two texts.</summary>
    private sealed class Filled(string before, long length, string after) : ReadOnlyStream
    {
        private readonly long _end = before.Length + length + after.Length;
        private long _position;

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, _end - _position);
            buffer = buffer[..count];
            buffer.Fill((byte)'x');
            for (var i = _position; i < Math.Min(before.Length, _position + count); i++)
                buffer[(int)(i - _position)] = (byte)before[(int)i];
            for (var i = Math.Max(_position, before.Length + length); i < _position + count; i++)
                buffer[(int)(i - _position)] = (byte)after[(int)(i - before.Length - length)];
            _position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));
    }
}
