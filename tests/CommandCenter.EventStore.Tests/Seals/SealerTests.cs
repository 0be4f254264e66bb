using static CommandCenter.EventStore.Tests.Seals.SealsFixture;

namespace CommandCenter.EventStore.Tests.Seals;

public sealed class SealerTests : IDisposable
{
    private const string Field = "reporter.phone";
    private readonly SealsFixture _given = new();
    private readonly FolderKeyStore _keys;
    private readonly Sealer _sealer;

    public SealerTests()
    {
        _keys = _given.Open();
        _sealer = new Sealer(_keys);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _given.Dispose();
    }

    [Theory]
    [InlineData("13812345678")]
    [InlineData("")]
    [InlineData("张三丰 🙂 \u0000 ⟦1⟧ |:")]
    public async Task What_is_sealed_opens_again(string text)
    {
        var value = await _sealer.SealAsync(Subject, CaseStream, Field, text);
        value.ShouldStartWith($"sealed:1:{(await _keys.GetOrCreateAsync(Subject)).KeyId}:");
        if (text.Length > 0) value.ShouldNotContain(text);
        Sealer.IsSealed(value).ShouldBeTrue();
        (await _sealer.OpenAsync(value, CaseStream, Field)).ShouldBe(new OpenResult.Opened(text));
    }

    [Fact]
    public async Task The_same_text_is_never_sealed_to_the_same_value() =>
        (await _sealer.SealAsync(Subject, CaseStream, Field, "x")).ShouldNotBe(await _sealer.SealAsync(Subject, CaseStream, Field, "x"));

    [Fact]
    public async Task A_value_moved_to_another_field_or_stream_does_not_open()
    {
        var value = await _sealer.SealAsync(Subject, CaseStream, Field, "13812345678");
        (await _sealer.OpenAsync(value, CaseStream, "reporter.name")).ShouldBeOfType<OpenResult.Damaged>();
        (await _sealer.OpenAsync(value, StreamKey.Of("case", "2"), Field)).ShouldBeOfType<OpenResult.Damaged>();
    }

    [Fact]
    public async Task Any_character_changed_does_not_open()
    {
        var value = await _sealer.SealAsync(Subject, CaseStream, Field, "13812345678");
        for (var i = 0; i < value.Length; i++)
        {
            foreach (var other in "AB-~")
            {
                if (value[i] == other) continue;

                var changed = string.Concat(value.AsSpan(0, i), [other], value.AsSpan(i + 1));
                (await _sealer.OpenAsync(changed, CaseStream, Field)).ShouldBeOfType<OpenResult.Damaged>(changed);
            }
        }
    }

    [Fact]
    public async Task A_value_cut_off_or_lengthened_does_not_open()
    {
        var value = await _sealer.SealAsync(Subject, CaseStream, Field, "13812345678");
        for (var length = 0; length < value.Length; length++) (await _sealer.OpenAsync(value[..length], CaseStream, Field)).ShouldBeOfType<OpenResult.Damaged>();
        foreach (var more in new[] { "A", "=", " ", "\n" }) (await _sealer.OpenAsync(value + more, CaseStream, Field)).ShouldBeOfType<OpenResult.Damaged>();
    }

    [Fact]
    public async Task A_version_that_is_not_known_yet_does_not_open()
    {
        var value = await _sealer.SealAsync(Subject, CaseStream, Field, "x");
        (await _sealer.OpenAsync("sealed:2:" + value[9..], CaseStream, Field)).ShouldBeOfType<OpenResult.Damaged>();
    }

    [Fact]
    public async Task An_erased_subjects_values_say_erased_and_new_ones_open()
    {
        var value = await _sealer.SealAsync(Subject, CaseStream, Field, "13812345678");
        await _keys.EraseSubjectAsync(Subject, "p-7", "asked", At);

        (await _sealer.OpenAsync(value, CaseStream, Field)).ShouldBeOfType<OpenResult.Erased>();
        using var restarted = _given.Open();
        (await new Sealer(restarted).OpenAsync(value, CaseStream, Field)).ShouldBeOfType<OpenResult.Erased>();
        var next = await _sealer.SealAsync(Subject, CaseStream, Field, "13900000000");
        (await _sealer.OpenAsync(next, CaseStream, Field)).ShouldBe(new OpenResult.Opened("13900000000"));
    }

    [Fact]
    public async Task A_lone_surrogate_is_refused() =>
        await Should.ThrowAsync<EventDataException>(() => _sealer.SealAsync(Subject, CaseStream, Field, "a\ud800b"));

    [Fact]
    public void Hashes_are_equal_for_equal_texts_and_differ_by_purpose()
    {
        _sealer.LookupHash("13812345678").ShouldBe(_sealer.LookupHash("13812345678"));
        _sealer.LookupHash("13812345678").ShouldNotBe(_sealer.LookupHash("13812345679"));
        _sealer.LookupHash("13812345678").ShouldNotBe(_sealer.RequestHash("13812345678"u8));
    }

    [Fact]
    public void What_was_opened_does_not_print_itself() => new OpenResult.Opened("13812345678").ToString().ShouldNotContain("138");

    [Fact]
    public async Task Any_text_survives_sealing()
    {
        const int seed = 20261121;
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => char.ConvertFromUtf32(RandomRune(random))));
            var field = $"field{random.Next(5)}";
            var subject = $"case:{random.Next(4)}:reporter";
            var value = await _sealer.SealAsync(subject, CaseStream, field, text);
            (await _sealer.OpenAsync(value, CaseStream, field)).ShouldBe(new OpenResult.Opened(text), $"seed {seed}, round {round}");
        }
    }

    private static int RandomRune(Random random)
    {
        var rune = random.Next(3) switch { 0 => random.Next(0x80), 1 => random.Next(0x4E00, 0x9FFF), _ => random.Next(0x110000) };
        return rune is >= 0xD800 and <= 0xDFFF ? '乡' : rune;
    }
}
