using static CommandCenter.EventStore.Tests.Seals.SealsFixture;

namespace CommandCenter.EventStore.Tests.Seals;

public sealed class MarkedTextTests : IDisposable
{
    private const string Field = "description";
    private readonly SealsFixture _given = new();
    private readonly FolderKeyStore _keys;
    private readonly MarkedTextSealer _marked;

    public MarkedTextTests()
    {
        _keys = _given.Open();
        _marked = new MarkedTextSealer(new Sealer(_keys));
    }

    public void Dispose()
    {
        _keys.Dispose();
        _given.Dispose();
    }

    [Fact]
    public async Task Numbers_leave_the_text_and_come_back_for_those_allowed()
    {
        const string text = "请打 138-1234-5678 联系，身份证11010519491231002X。";
        var marked = await _marked.SealAsync(text, Subject, CaseStream, Field);

        marked.Text.ShouldBe("请打 ⟦1⟧ 联系，身份证⟦2⟧。");
        marked.Spans.Count.ShouldBe(2);
        marked.Spans.ShouldAllBe(span => Sealer.IsSealed(span));
        (await OpenAsync(marked)).ShouldBe(text);
        (await MaskedAsync(marked)).ShouldBe("请打 〔电话〕 联系，身份证〔身份证号〕。");
        (await _marked.OpenMaskedAsync(marked, CaseStream, Field, MaskWords.English)).ShouldBe("请打 [phone] 联系，身份证[identity number]。");
    }

    [Fact]
    public async Task A_text_without_numbers_needs_no_key()
    {
        var marked = await _marked.SealAsync("路灯坏了", Subject, CaseStream, Field);
        marked.Text.ShouldBe("路灯坏了");
        marked.Spans.ShouldBeEmpty();
        _given.KeyFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task Marks_typed_by_a_person_become_plain_brackets()
    {
        var marked = await _marked.SealAsync("⟦1⟧ 13812345678 ⟦⟦2⟧", Subject, CaseStream, Field);
        marked.Text.ShouldBe("[1] ⟦1⟧ [[2]");
        (await OpenAsync(marked)).ShouldBe("[1] 13812345678 [[2]");
    }

    [Fact]
    public async Task Erased_spans_say_so_to_everybody()
    {
        var marked = await _marked.SealAsync("打13812345678", Subject, CaseStream, Field);
        await _keys.EraseSubjectAsync(Subject, "p-7", "asked", At);
        (await OpenAsync(marked)).ShouldBe("打〔已按规定删除〕");
        (await MaskedAsync(marked)).ShouldBe("打〔已按规定删除〕");
    }

    [Fact]
    public async Task Spans_that_changed_places_and_marks_without_span_are_unreadable()
    {
        var marked = await _marked.SealAsync("13812345678 13900000000", Subject, CaseStream, Field);
        (await OpenAsync(marked with { Spans = [marked.Spans[1], marked.Spans[0]] })).ShouldBe("〔无法读取〕 〔无法读取〕");
        (await OpenAsync(marked with { Spans = [marked.Spans[0]] })).ShouldBe("13812345678 〔无法读取〕");
        (await _marked.OpenAsync(marked, CaseStream, "note", MaskWords.Chinese)).ShouldBe("〔无法读取〕 〔无法读取〕");
    }

    [Fact]
    public async Task A_number_that_holds_a_mark_is_not_filled_twice()
    {
        var sealer = new Sealer(_keys);
        var marked = new MarkedText("⟦1⟧", [await sealer.SealAsync(Subject, CaseStream, $"{Field}/1", "⟦1⟧")]);
        (await OpenAsync(marked)).ShouldBe("⟦1⟧");
    }

    [Fact]
    public async Task Any_text_comes_back_and_no_number_stays()
    {
        const int seed = 20261123;
        string[] pieces = ["13812345678", "+86 139-0000-0000", "010-12345678", "11010519491231002X", "三里村", " ", "，", "2026", "🙂", "[", "x", "号"];
        var random = new Random(seed);
        for (var round = 0; round < 100; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var marked = await _marked.SealAsync(text, Subject, CaseStream, Field);
            PersonalSpans.Find(marked.Text).ShouldBeEmpty($"seed {seed}, round {round}");
            (await OpenAsync(marked)).ShouldBe(text, $"seed {seed}, round {round}");
        }
    }

    private Task<string> OpenAsync(MarkedText marked) => _marked.OpenAsync(marked, CaseStream, Field, MaskWords.Chinese);

    private Task<string> MaskedAsync(MarkedText marked) => _marked.OpenMaskedAsync(marked, CaseStream, Field, MaskWords.Chinese);
}
