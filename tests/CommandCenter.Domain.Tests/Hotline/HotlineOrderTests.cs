using CommandCenter.Domain.Hotline;

namespace CommandCenter.Domain.Tests.Hotline;

public sealed class HotlineOrderTests
{
    [Theory]
    [InlineData("cq-2026-0001")]
    [InlineData(" CQ 2026 0001 ")]
    [InlineData("ＣＱ２０２６－０００１")]
    [InlineData("CQ20260001")]
    public void A_number_is_the_same_however_it_is_written(string number) => HotlineOrder.IdOf(number).ShouldBe(HotlineOrder.IdOf("CQ-2026-0001"));

    [Theory]
    [InlineData("CQ-2026-0010")]
    [InlineData("渝2026-0001")]
    [InlineData("--")]
    public void Other_numbers_are_others(string number) => HotlineOrder.IdOf(number).ShouldNotBe(HotlineOrder.IdOf("CQ-2026-0001"));

    [Fact]
    public void The_last_case_that_was_begun_for_an_order_has_it() =>
        new[] { Sample.CaseId, Sample.OtherCase }.Aggregate(HotlineOrder.None, (order, id) => order.Apply(new HotlineOrderRegistered(id, "1"))).LastCase.ShouldBe(Sample.OtherCase);
}
