using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CommandCenter.EventStore;

/// <summary>Free text in which personal spans are sealed: <c>⟦n⟧</c> stands for the n-th span (ADR 0003).</summary>
public sealed record MarkedText(string Text, IReadOnlyList<string> Spans);

/// <summary>The words that stand where a span is not shown.</summary>
public sealed record MaskWords(string Phone, string IdentityNumber, string Erased, string Damaged)
{
    /// <summary>For the interface in Chinese.</summary>
    public static MaskWords Chinese { get; } = new("〔电话〕", "〔身份证号〕", "〔已按规定删除〕", "〔无法读取〕");

    /// <summary>For the interface in English.</summary>
    public static MaskWords English { get; } = new("[phone]", "[identity number]", "[erased]", "[unreadable]");
}

/// <summary>Seals the personal spans of free text at intake and puts them back for those allowed to read them.</summary>
public sealed partial class MarkedTextSealer(Sealer sealer)
{
    /// <summary>Seals what <see cref="PersonalSpans"/> finds. The marks themselves, typed by a person, become plain brackets.</summary>
    /// <exception cref="EventDataException">A span cannot be sealed.</exception>
    public async Task<MarkedText> SealAsync(string text, string subject, StreamKey stream, string field, CancellationToken cancellation = default)
    {
        var typed = text.Replace('⟦', '[').Replace('⟧', ']');
        var marked = new StringBuilder(typed.Length);
        List<string> spans = [];
        var copiedTo = 0;
        foreach (var span in PersonalSpans.Find(typed))
        {
            var clear = typed.Substring(span.Start, span.Length);
            spans.Add(await sealer.SealAsync(subject, stream, SpanField(field, spans.Count + 1), clear, cancellation));
            marked.Append(typed, copiedTo, span.Start - copiedTo).Append(CultureInfo.InvariantCulture, $"⟦{spans.Count}⟧");
            copiedTo = span.End;
        }

        return new MarkedText(marked.Append(typed, copiedTo, typed.Length - copiedTo).ToString(), spans);
    }

    /// <summary>The text with its spans in the clear, for a reader who may see them.</summary>
    public Task<string> OpenAsync(MarkedText marked, StreamKey stream, string field, MaskWords words, CancellationToken cancellation = default) =>
        FillAsync(marked, stream, field, words, (_, clear) => clear, cancellation);

    /// <summary>The text with a word for each span's kind, for a reader who may not see them.</summary>
    public Task<string> OpenMaskedAsync(MarkedText marked, StreamKey stream, string field, MaskWords words, CancellationToken cancellation = default) =>
        FillAsync(marked, stream, field, words, (kind, _) => kind == PersonalKind.IdentityNumber ? words.IdentityNumber : words.Phone, cancellation);

    private async Task<string> FillAsync(
        MarkedText marked, StreamKey stream, string field, MaskWords words, Func<PersonalKind, string, string> show, CancellationToken cancellation)
    {
        var filled = new StringBuilder(marked.Text.Length);
        var copiedTo = 0;
        foreach (Match mark in Mark().Matches(marked.Text))
        {
            filled.Append(marked.Text, copiedTo, mark.Index - copiedTo);
            copiedTo = mark.Index + mark.Length;
            var number = int.Parse(mark.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            var opened = number <= marked.Spans.Count
                ? await sealer.OpenAsync(marked.Spans[number - 1], stream, SpanField(field, number), cancellation)
                : new OpenResult.Damaged();
            filled.Append(opened switch
            {
                OpenResult.Opened clear => show(KindOf(clear.Text), clear.Text),
                OpenResult.Erased => words.Erased,
                _ => words.Damaged,
            });
        }

        return filled.Append(marked.Text, copiedTo, marked.Text.Length - copiedTo).ToString();
    }

    private static PersonalKind KindOf(string clear) => PersonalSpans.Find(clear) is [var span] ? span.Kind : PersonalKind.Mobile;

    // The number belongs to the field, so that two spans of one text cannot change places.
    private static string SpanField(string field, int number) => string.Create(CultureInfo.InvariantCulture, $"{field}/{number}");

    [GeneratedRegex("⟦(?<number>[1-9][0-9]{0,3})⟧", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}
