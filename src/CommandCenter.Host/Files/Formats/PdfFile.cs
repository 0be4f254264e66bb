using CommandCenter.Domain.Files;

namespace CommandCenter.Host.Files.Formats;

/// <summary>
/// PDF (ISO 32000) that begins at the first byte, ends at the last, is no ZIP as well, and names no script and no program to start. What hides in compressed objects
/// is not looked for: a PDF is never shown within the pages.
/// </summary>
internal static class PdfFile
{
    private const int Tail = 2048;
    private const int ZipTail = 65_535 + 22;

    private static readonly HashSet<string> Acting = ["JavaScript", "Launch", "RichMedia"];
    private static readonly int LongestName = Acting.Max(name => name.Length);

    public static Inspection Inspect(Stream content)
    {
        var start = new byte[8];
        content.Position = 0;
        if (content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || start[5] is not ((byte)'1' or (byte)'2') || start[6] != (byte)'.' || !char.IsAsciiDigit((char)start[7]))
            return Refused(ContentFault.Damaged);
        var tail = End(content, Tail).AsSpan().TrimEnd("\0\t\n\f\r "u8);
        if (!tail.EndsWith("%%EOF"u8) || tail.IndexOf("startxref"u8) < 0)
            return Refused(tail.IndexOf("%%EOF"u8) >= 0 ? ContentFault.Polyglot : ContentFault.Damaged);
        if (IsZip(End(content, ZipTail)))
            return Refused(ContentFault.Polyglot);
        content.Position = 0;
        return Acts(content) ? Refused(ContentFault.Active) : new Inspection.Accepted(FileType.Pdf, content);
    }

    /// <summary>Whether a ZIP ends with these bytes: its last record and a comment up to the end.</summary>
    internal static bool IsZip(ReadOnlySpan<byte> end)
    {
        for (var at = end.IndexOf("PK\x05\x06"u8); at >= 0;)
        {
            if (at + 22 <= end.Length)
                return true;
            var next = end[(at + 1)..].IndexOf("PK\x05\x06"u8);
            at = next < 0 ? -1 : at + 1 + next;
        }

        return false;
    }

    private static Inspection.Refused Refused(ContentFault fault) => new(fault, FileType.Pdf);

    private static byte[] End(Stream content, int length)
    {
        content.Position = Math.Max(0, content.Length - length);
        var end = new byte[content.Length - content.Position];
        content.ReadExactly(end);
        return end;
    }

    // A name is a slash and what follows it up to a delimiter; #xx in it is a byte in hex, by which others hide names.
    private static bool Acts(Stream content)
    {
        var buffer = new byte[64 * 1024];
        var name = new System.Text.StringBuilder();
        var (isName, escape) = (false, -1);
        var high = 0;
        while (content.Read(buffer) is > 0 and var count)
        {
            foreach (var b in buffer.AsSpan(0, count))
            {
                var c = (char)b;
                if (!isName)
                {
                    isName = c == '/';
                    continue;
                }

                if (escape >= 0)
                {
                    if (!char.IsAsciiHexDigit(c))
                    {
                        (isName, escape) = (c == '/', -1);
                        name.Clear();
                        continue;
                    }

                    if (escape == 0)
                    {
                        (high, escape) = (Convert.ToInt32(c.ToString(), 16), 1);
                        continue;
                    }

                    (c, escape) = ((char)((high << 4) | Convert.ToInt32(c.ToString(), 16)), -1);
                }
                else if (c == '#')
                {
                    escape = 0;
                    continue;
                }
                else if (c <= ' ' || "()<>[]{}/%".Contains(c, StringComparison.Ordinal))
                {
                    if (Acting.Contains(name.ToString()))
                        return true;
                    name.Clear();
                    isName = c == '/';
                    continue;
                }

                name.Append(c);
                if (name.Length > LongestName)
                {
                    name.Clear();
                    isName = false;
                }
            }
        }

        return false;
    }
}
