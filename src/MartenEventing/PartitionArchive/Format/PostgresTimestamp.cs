using System.Buffers.Text;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>Reads timestamptz as PostgreSQL prints it in UTC with DateStyle ISO.</summary>
internal static class PostgresTimestamp
{
    private const long PerSecond = 1_000_000;
    private const long DaysTo2000 = 730_425; // from 0000-03-01
    private const int CommonDays = 146_097; // in 400 years

    /// <summary>
    /// <c>2026-11-21 05:20:14.5+00</c>, also with <c>BC</c> behind it, or an infinity, as microseconds since 2000.
    /// </summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static long Parse(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("infinity"u8))
            return long.MaxValue;
        if (text.SequenceEqual("-infinity"u8))
            return long.MinValue;
        var isBefore = text.EndsWith(" BC"u8);
        if (isBefore)
            text = text[..^3];
        if (!text.EndsWith("+00"u8))
            throw NoTime();
        text = text[..^3];
        var year = Number(ref text, (byte)'-');
        var month = Number(ref text, (byte)'-');
        var day = Number(ref text, (byte)' ');
        var seconds = 3600 * Number(ref text, (byte)':');
        seconds += 60 * Number(ref text, (byte)':');
        var point = text.IndexOf((byte)'.');
        var fraction = point < 0 ? default : text[(point + 1)..];
        var whole = point < 0 ? text : text[..point];
        seconds += Number(ref whole, 0);
        return ((DaysSince2000(isBefore ? 1 - year : year, month, day) * 86_400) + seconds) * PerSecond
            + Microseconds(fraction);
    }

    public static long Of(DateTimeOffset at) =>
        (at.UtcTicks - new DateTime(2000, 1, 1).Ticks) / TimeSpan.TicksPerMicrosecond;

    private static long Microseconds(ReadOnlySpan<byte> digits)
    {
        if (digits.IsEmpty)
            return 0;
        var length = digits.Length;
        var value = Number(ref digits, 0);
        for (; length < 6; length++)
            value *= 10;
        return value;
    }

    /// <summary>Reckons in years that begin in March, so that the leap day is the last one.</summary>
    private static long DaysSince2000(long year, long month, long day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = Math.DivRem(y, 400, out var ofEra);
        if (ofEra < 0)
            (era, ofEra) = (era - 1, ofEra + 400);
        var ofYear = (((153 * (month + (month > 2 ? -3 : 9))) + 2) / 5) + day - 1;
        return (era * CommonDays) + (ofEra * 365) + (ofEra / 4) - (ofEra / 100) + ofYear - DaysTo2000;
    }

    private static long Number(ref ReadOnlySpan<byte> text, byte end)
    {
        if (!Utf8Parser.TryParse(text, out long value, out var used)
            || (end == 0 ? used != text.Length : used >= text.Length || text[used] != end))
            throw NoTime();
        text = end == 0 ? [] : text[(used + 1)..];
        return value;
    }

    private static FormatException NoTime() => new("A timestamp is not as PostgreSQL prints it in UTC.");
}
