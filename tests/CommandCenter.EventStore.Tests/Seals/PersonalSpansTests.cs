namespace CommandCenter.EventStore.Tests.Seals;

public sealed class PersonalSpansTests
{
    [Theory]
    [InlineData("13812345678", "13812345678", "13812345678")]
    [InlineData("请打13812345678联系", "13812345678", "13812345678")]
    [InlineData("电话：138 1234 5678。", "138 1234 5678", "13812345678")]
    [InlineData("电话138-1234-5678转告", "138-1234-5678", "13812345678")]
    [InlineData("1381 234 5678", "1381 234 5678", "13812345678")]
    [InlineData("138 123 45678", "138 123 45678", "13812345678")]
    [InlineData("1381234 5678", "1381234 5678", "13812345678")]
    [InlineData("138 12345678", "138 12345678", "13812345678")]
    [InlineData("138 - 1234 - 5678", "138 - 1234 - 5678", "13812345678")]
    [InlineData("138–1234—5678", "138–1234—5678", "13812345678")]
    [InlineData("+8613812345678", "+8613812345678", "13812345678")]
    [InlineData("+86 138 1234 5678", "+86 138 1234 5678", "13812345678")]
    [InlineData("+86-13812345678", "+86-13812345678", "13812345678")]
    [InlineData("8613812345678", "8613812345678", "13812345678")]
    [InlineData("008613812345678", "008613812345678", "13812345678")]
    [InlineData("(+86)13812345678", "(+86)13812345678", "13812345678")]
    [InlineData("（＋８６）１３８１２３４５６７８", "（＋８６）１３８１２３４５６７８", "13812345678")]
    [InlineData("手机１３８－１２３４－５６７８", "１３８－１２３４－５６７８", "13812345678")]
    [InlineData("138　1234　5678", "138　1234　5678", "13812345678")]
    [InlineData("‭138 0000 1111‬", "138 0000 1111", "13800001111")]
    [InlineData("138\u200b12345678", "138\u200b12345678", "13812345678")]
    [InlineData("身高178 13812345678", "13812345678", "13812345678")]
    [InlineData("tel19912345678abc", "19912345678", "19912345678")]
    [InlineData("3-201-13812345678", "13812345678", "13812345678")]
    [InlineData("13812345678.", "13812345678", "13812345678")]
    [InlineData("(13812345678)", "13812345678", "13812345678")]
    public void Finds_a_mobile_number(string text, string expected, string normal) => ShouldFind(text, PersonalKind.Mobile, expected, normal);

    [Theory]
    [InlineData("010-12345678", "010-12345678", "01012345678")]
    [InlineData("01012345678", "01012345678", "01012345678")]
    [InlineData("居委会0312-1234567值班", "0312-1234567", "03121234567")]
    [InlineData("03121234567", "03121234567", "03121234567")]
    [InlineData("0755 12345678", "0755 12345678", "075512345678")]
    [InlineData("(010)12345678", "(010)12345678", "01012345678")]
    [InlineData("（０２１）６２３４－５６７８", "（０２１）６２３４－５６７８", "02162345678")]
    [InlineData("(0312-1234567)", "0312-1234567", "03121234567")]
    [InlineData("021-6234 5678", "021-6234 5678", "02162345678")]
    [InlineData("+86 21 62345678", "+86 21 62345678", "02162345678")]
    [InlineData("+86-0755-12345678", "+86-0755-12345678", "075512345678")]
    [InlineData("010-12345678-801", "010-12345678", "01012345678")]
    public void Finds_a_landline_number(string text, string expected, string normal) => ShouldFind(text, PersonalKind.Landline, expected, normal);

    [Theory]
    [InlineData("11010519491231002X", "11010519491231002X", "11010519491231002X")]
    [InlineData("身份证11010519491231002x，请核实", "11010519491231002x", "11010519491231002X")]
    [InlineData("１１０１０５１９４９１２３１００２Ｘ", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X")]
    [InlineData("11010519491231002X2号楼", "11010519491231002X", "11010519491231002X")]
    [InlineData("110105 19491231 002X", "110105 19491231 002X", "11010519491231002X")]
    [InlineData("110105-19491231-002X", "110105-19491231-002X", "11010519491231002X")]
    [InlineData("110101199003071233", "110101199003071233", "110101199003071233")]
    [InlineData("510107200002294513", "510107200002294513", "510107200002294513")]
    public void Finds_an_identity_number(string text, string expected, string normal) => ShouldFind(text, PersonalKind.IdentityNumber, expected, normal);

    [Theory]
    [InlineData("")]
    [InlineData("没有号码")]
    [InlineData("12812345678")]
    [InlineData("1381234567")]
    [InlineData("138123456789")]
    [InlineData("订单号202411211381234567890")]
    [InlineData("6222021381234567890")]
    [InlineData("6217 1381 2345 6789")]
    [InlineData("0013812345678")]
    [InlineData("2024-11-21 15:30")]
    [InlineData("20241121153000")]
    [InlineData("2026-11-21至2026-12-31")]
    [InlineData("12345")]
    [InlineData("110")]
    [InlineData("95598")]
    [InlineData("400-810-8888")]
    [InlineData("金额1,381,234,567.80元")]
    [InlineData("0123456789")]
    [InlineData("110105194912310021")]
    [InlineData("510107200102294510")]
    [InlineData("11010118990307123X")]
    [InlineData("911010519491231002X7")]
    [InlineData("1110105194912310020")]
    [InlineData("39.9042,116.4074")]
    [InlineData("１３８１２３４５６７８９")]
    [InlineData("138\n1234\n5678")]
    public void Leaves_other_numbers_alone(string text) => PersonalSpans.Find(text).ShouldBeEmpty();

    [Fact]
    public void Finds_every_number_in_its_order()
    {
        const string text = "张三13812345678，李四 010-12345678、11010519491231002X；13900000000/13900000001";
        var found = PersonalSpans.Find(text);
        found.Select(span => text.Substring(span.Start, span.Length))
            .ShouldBe(["13812345678", "010-12345678", "11010519491231002X", "13900000000", "13900000001"]);
        found.Select(span => span.Kind).ShouldBe(
            [PersonalKind.Mobile, PersonalKind.Landline, PersonalKind.IdentityNumber, PersonalKind.Mobile, PersonalKind.Mobile]);
    }

    [Fact]
    public void A_found_span_does_not_print_the_number() => PersonalSpans.Find("13812345678")[0].ToString().ShouldBe("Mobile at 0+11");

    [Fact]
    public void A_planted_number_is_found_whatever_stands_around_it()
    {
        const int seed = 20261122;
        const string around = "案在楼号-，。 （）⟦⟧abcXZ🙂\n：、+";
        var random = new Random(seed);
        for (var round = 0; round < 2000; round++)
        {
            var number = $"1{random.Next(3, 10)}{random.Next(1_000_000_000):D9}";
            var text = Noise() + number + Noise();
            PersonalSpans.Find(text).ShouldHaveSingleItem($"seed {seed}, round {round}: {text}").Normal.ShouldBe(number);
        }

        string Noise() => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => around[random.Next(around.Length)]));
    }

    [Fact]
    public void A_long_hostile_text_takes_no_long_time()
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        foreach (var piece in new[] { "1", "138 ", "+86 ", "0 - ", "(", "110105 ", "138-1234-567" }) PersonalSpans.Find(string.Concat(Enumerable.Repeat(piece, 20_000)));
        started.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    private static void ShouldFind(string text, PersonalKind kind, string expected, string normal)
    {
        var span = PersonalSpans.Find(text).ShouldHaveSingleItem(text);
        span.Kind.ShouldBe(kind);
        text.Substring(span.Start, span.Length).ShouldBe(expected);
        span.Normal.ShouldBe(normal);
    }
}
