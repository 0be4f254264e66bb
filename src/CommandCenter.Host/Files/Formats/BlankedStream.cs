namespace CommandCenter.Host.Files.Formats;

/// <summary>Content with some ranges replaced, at the same length, so that whatever points into it still points right.</summary>
/// <param name="patches">In order, not overlapping: bytes that stand there instead, followed by zeros up to the length.</param>
internal sealed class BlankedStream(Stream content, IReadOnlyList<(long Start, long Length, byte[] Bytes)> patches) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position { get => content.Position; set => content.Position = value; }

    public override int Read(Span<byte> buffer)
    {
        var from = content.Position;
        var count = content.Read(buffer);
        foreach (var (start, length, bytes) in patches)
        {
            var (begin, end) = (Math.Max(start, from), Math.Min(start + length, from + count));
            for (var at = begin; at < end; at++)
                buffer[(int)(at - from)] = at - start < bytes.Length ? bytes[at - start] : (byte)0;
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Read(buffer.Span));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => content.Seek(offset, origin);

    public override void Flush() => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }
}
