namespace CommandCenter.EventStore.Tests;

public sealed class InstantsTests
{
    private static readonly DateTimeOffset Instant = new DateTimeOffset(2026, 11, 21, 11, 4, 5, TimeSpan.FromHours(8)).AddTicks(1234567);

    [Fact]
    public void Has_six_digits_in_utc()
    {
        Instants.Format(Instant).ShouldBe("2026-11-21T03:04:05.123456Z");
        Instants.Format(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)).ShouldBe("2026-01-02T03:04:05.000000Z");
    }

    [Fact]
    public void Is_read_back() => Instants.Parse("2026-11-21T03:04:05.123456Z").ShouldBe(Instants.Cut(Instant));

    [Theory]
    [InlineData("2026-11-21T03:04:05Z")]
    [InlineData("2026-11-21T03:04:05.123Z")]
    [InlineData("2026-11-21T03:04:05.1234567Z")]
    [InlineData("2026-11-21T03:04:05.123456+00:00")]
    [InlineData("2026-11-21 03:04:05.123456Z")]
    [InlineData("2026-02-30T03:04:05.123456Z")]
    [InlineData("")]
    public void Any_other_form_is_refused(string text) => Should.Throw<FormatException>(() => Instants.Parse(text));

    [Fact]
    public void A_due_instant_is_rounded_up_so_that_nothing_fires_early()
    {
        Instants.RoundUp(Instant).ShouldBe(Instants.Cut(Instant).AddMicroseconds(1));
        Instants.RoundUp(Instants.Cut(Instant)).ShouldBe(Instants.Cut(Instant));
    }
}
