using System.Globalization;

namespace CommandCenter.Domain.Files;

/// <summary>What is wrong with a file's name.</summary>
public enum FileNameFault
{
    /// <summary>It is empty, too long, or has a character that no file's name has or that makes it look like another.</summary>
    Malformed,

    /// <summary>Its extension is none that is taken.</summary>
    UnknownExtension,

    /// <summary>Its extension is another type's than the content.</summary>
    Lying,
}

/// <summary>The names that people's devices give files. Names are personal data, and nothing is told from them but whether they lie.</summary>
public static class FileName
{
    /// <summary>In UTF-16 code units, after trimming.</summary>
    public const int Longest = 150;

    /// <summary>What is wrong with a name by itself; null when nothing is.</summary>
    public static FileNameFault? Fault(string name)
    {
        name = name.Trim();
        if (name.Length is 0 or > Longest || name.Any(IsForbidden) || name[0] == '.')
            return FileNameFault.Malformed;
        return FileType.All.Any(type => Fits(name, type)) ? null : FileNameFault.UnknownExtension;
    }

    /// <summary>What is wrong with a name for content of a type; null when nothing is.</summary>
    public static FileNameFault? Fault(string name, FileType type) => Fault(name) ?? (Fits(name, type) ? null : FileNameFault.Lying);

    /// <summary>The most that content under this name may have, in bytes; of several types that share the extension the most.</summary>
    public static long LongestOf(string name) => FileType.All.Where(type => Fits(name, type)).Max(type => type.Longest);

    private static bool Fits(string name, FileType type) => type.Extensions.Contains(ExtensionOf(name.Trim()), StringComparer.OrdinalIgnoreCase);

    private static string ExtensionOf(string name) => name.LastIndexOf('.') is >= 0 and var dot ? name[(dot + 1)..] : "";

    // Marks that turn the direction of writing show report-fdp.exe as report-exe.pdf.
    private static bool IsForbidden(char c) =>
        c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' or '⟦' or '⟧'
        || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
