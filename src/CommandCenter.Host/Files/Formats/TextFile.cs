using System.Text;
using CommandCenter.Domain.Files;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Files.Formats;

/// <summary>Plain text, also with commas: UTF-8, or GB 18030, as spreadsheets here write it. No control characters, and nothing that a reader takes for a page or a program.</summary>
internal static class TextFile
{
    public static bool MayBegin(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith("\uFEFF"u8))
            start = start[3..];
        foreach (var b in start)
            if (b < ' ' && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f') || b == 0x7F)
                return false;
        start = start.TrimStart(" \t\r\n\f"u8);
        var isMarkup = start is [(byte)'<', var next, ..] && (char.IsAsciiLetter((char)next) || next is (byte)'!' or (byte)'?' or (byte)'/' or (byte)'%');
        return !isMarkup && !start.StartsWith("{\\rtf"u8) && !start.StartsWith("#!"u8) && !start.StartsWith("%!"u8);
    }

    public static Inspection Inspect(Stream content) =>
        content.Length > 0 && (IsText(content, TextEncodings.Utf8) || IsText(content, TextEncodings.Gb18030))
            ? PdfEndsAsZip(content) ? new Inspection.Refused(ContentFault.Polyglot, FileType.PlainText) : new Inspection.Accepted(FileType.PlainText, content)
            : new Inspection.Refused(ContentFault.Unknown);

    private static bool PdfEndsAsZip(Stream content)
    {
        content.Position = Math.Max(0, content.Length - 65_557);
        var end = new byte[content.Length - content.Position];
        content.ReadExactly(end);
        return PdfFile.IsZip(end);
    }

    private static bool IsText(Stream content, Encoding encoding)
    {
        content.Position = 0;
        var decoder = encoding.GetDecoder();
        var bytes = new byte[16 * 1024];
        var characters = new char[encoding.GetMaxCharCount(bytes.Length)];
        try
        {
            for (int count; (count = content.Read(bytes)) > 0 || decoder is not null;)
            {
                var length = decoder!.GetChars(bytes, 0, count, characters, 0, flush: count == 0);
                foreach (var c in characters.AsSpan(0, length))
                    if (char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\f'))
                        return false;
                if (count == 0)
                    return true;
            }

            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
