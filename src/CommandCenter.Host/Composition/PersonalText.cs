using CommandCenter.EventStore;
using MarkedText = CommandCenter.Domain.Cases.MarkedText;

namespace CommandCenter.Host.Composition;

/// <summary>How a personal value is shown to a reader: in the clear, hidden from this role, or erased.</summary>
public enum PersonalState
{
    Open,
    Hidden,
    Erased,

    /// <summary>It does not open under its key: an auditor has to look.</summary>
    Damaged,
}

/// <summary>A personal value as a reader may see it.</summary>
/// <param name="Value">Only when open.</param>
public sealed record PersonalValue(PersonalState State, string? Value = null);

/// <summary>Seals a case's personal data under the reporter's key and opens it again (ADR 0003).</summary>
public sealed class PersonalText(Sealer sealer)
{
    // Marks instead of words: the pages say them in the reader's language.
    private static readonly MaskWords Marks = new("⟦phone⟧", "⟦identity_number⟧", "⟦erased⟧", "⟦damaged⟧");

    private readonly MarkedTextSealer _marked = new(sealer);

    public static string ReporterOf(StreamKey stream) => $"{stream}:reporter";

    public async Task<MarkedText> SealTextAsync(StreamKey stream, string field, string text, CancellationToken cancellation)
    {
        var marked = await _marked.SealAsync(text, ReporterOf(stream), stream, field, cancellation);
        return new MarkedText(marked.Text, marked.Spans);
    }

    public async Task<MarkedText?> SealOptionalTextAsync(StreamKey stream, string field, string? text, CancellationToken cancellation) =>
        text is null ? null : await SealTextAsync(stream, field, text, cancellation);

    public async Task<string?> SealValueAsync(StreamKey stream, string field, string? value, CancellationToken cancellation) =>
        value is null ? null : await sealer.SealAsync(ReporterOf(stream), stream, field, value, cancellation);

    /// <summary>The text as a reader may see it: spans in the clear, or a mark for each, such as <c>⟦phone⟧</c>.</summary>
    public Task<string> ReadAsync(MarkedText text, StreamKey stream, string field, bool allowed, CancellationToken cancellation)
    {
        var marked = new EventStore.MarkedText(text.Text, text.Spans);
        return allowed
            ? _marked.OpenAsync(marked, stream, field, Marks, cancellation)
            : _marked.OpenMaskedAsync(marked, stream, field, Marks, cancellation);
    }

    public async Task<PersonalValue?> ReadAsync(string? value, StreamKey stream, string field, bool allowed, CancellationToken cancellation)
    {
        if (value is null)
            return null;
        if (!allowed)
            return new PersonalValue(PersonalState.Hidden);
        return await sealer.OpenAsync(value, stream, field, cancellation) switch
        {
            OpenResult.Opened opened => new PersonalValue(PersonalState.Open, opened.Text),
            OpenResult.Erased => new PersonalValue(PersonalState.Erased),
            _ => new PersonalValue(PersonalState.Damaged),
        };
    }

    public byte[] RequestHash(ReadOnlySpan<byte> request) => sealer.RequestHash(request);
}
