using MartenEventing.Retention;

namespace MartenEventing.Tests.Retention;

public sealed class RetentionAgeTests
{
    [Theory]
    [InlineData("90d", "2026-02-28")]
    [InlineData("2w", "2026-05-15")]
    [InlineData("3mo", "2026-02-28")]
    [InlineData("24mo", "2024-05-29")]
    [InlineData("5y", "2021-05-29")]
    public void an_age_is_counted_by_the_calendar(string age, string before) =>
        RetentionAge.Parse(age).Before(new DateTimeOffset(2026, 5, 29, 0, 0, 0, TimeSpan.Zero))
            .ShouldBe(DateTimeOffset.Parse(before + "T00:00:00Z"));

    [Theory]
    [InlineData("")]
    [InlineData("24")]
    [InlineData("24m")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("1.5y")]
    [InlineData("40000d")]
    public void what_is_no_age_is_refused(string text)
    {
        RetentionAge.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => RetentionAge.Parse(text)).Message
            .ShouldBe($"\"{text}\" is no age. An age is a number from 1 to 36500 and a unit: 90d, 12w, 24mo, 5y.");
    }

    [Fact]
    public void an_age_that_reaches_before_all_time_ends_at_its_beginning() =>
        RetentionAge.Parse("9999y").Before(DateTimeOffset.UtcNow).ShouldBe(DateTimeOffset.MinValue);

    [Theory]
    [InlineData("50GB", 53_687_091_200)]
    [InlineData("500MB", 524_288_000)]
    [InlineData("7", 7)]
    public void sizes_are_read(string text, long bytes)
    {
        ByteSize.TryParse(text, out var size).ShouldBeTrue();
        size.ShouldBe(bytes);
    }

    [Theory]
    [InlineData("0GB")]
    [InlineData("much")]
    [InlineData("99999999999TB")]
    public void what_is_no_size_is_refused(string text) => ByteSize.TryParse(text, out _).ShouldBeFalse();
}
