namespace CommandCenter.EventStore.Tests.Projections;

public sealed class CoverageAuditPauseTests
{
    [Theory]
    [InlineData(0.1, 2, 18)]
    [InlineData(0.5, 2, 2)]
    [InlineData(1, 2, 1)]
    [InlineData(0.1, 0.01, 1)]
    public void Recounts_take_no_more_than_their_share_of_the_time_and_never_follow_each_other_at_once(double share, double seconds, double pause) =>
        new CoverageAuditOptions { Share = share }.PauseAfter(TimeSpan.FromSeconds(seconds)).TotalSeconds.ShouldBe(pause, 0.001);
}
