using System.Text;

namespace CommandCenter.Host.Http;

/// <summary>How texts come in files: UTF-8, or GB 18030, as spreadsheets here write it by default (GBK is a part of it). Both read strictly.</summary>
internal static class TextEncodings
{
    public static UTF8Encoding Utf8 { get; } = new(false, throwOnInvalidBytes: true);

    public static Encoding Gb18030 { get; } = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>A file's text, and the name of the encoding in which it made sense; UTF-8 is tried first, because hardly any GB 18030 is valid UTF-8.</summary>
    /// <returns>Null where it is neither.</returns>
    public static (string Text, string Encoding)? Read(ReadOnlySpan<byte> bytes)
    {
        foreach (var (encoding, name) in ((Encoding, string)[])[(Utf8, "utf-8"), (Gb18030, "gb18030")])
        {
            try
            {
                return (encoding.GetString(bytes), name);
            }
            catch (DecoderFallbackException)
            {
                // Then the next.
            }
        }

        return null;
    }
}
