using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CommandCenter.EventStore;

/// <summary>What a span of text looks like.</summary>
public enum PersonalKind
{
    /// <summary>A mobile number of the Chinese mainland.</summary>
    Mobile,

    /// <summary>A landline number with its area code.</summary>
    Landline,

    /// <summary>An 18-digit identity number with a right check digit.</summary>
    IdentityNumber,
}

/// <summary>A span that looks like personal data.</summary>
/// <param name="Normal">One form for all ways to write it: ASCII digits only, without +86; an identity number may end in <c>X</c>. For look-up hashes.</param>
public sealed record PersonalSpan(PersonalKind Kind, int Start, int Length, string Normal)
{
    /// <summary>Just after the last character.</summary>
    public int End => Start + Length;

    // A record prints its members, and the number must not reach a log.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind} at {Start}+{Length}");
}

/// <summary>
/// Finds phone and identity numbers in free text as people write them. It rather finds too much than too little: what is sealed needlessly can be opened,
/// what is stored in the clear cannot be taken back. Only a longer unbroken run of digits is never touched.
/// </summary>
public static partial class PersonalSpans
{
    private static readonly int[] CheckWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    private const string CheckDigits = "10X98765432";
    private const string Area = "(?:10|2[0-9]|[3-9][0-9]{2})";
    private const string Subscriber = "[ -]{0,3}[0-9]{3,4}[ -]?[0-9]{4}";

    /// <summary>The spans in order of their place, never overlapping.</summary>
    public static IReadOnlyList<PersonalSpan> Find(string text)
    {
        if (text.Length < 8) return [];

        var plain = Simplify(text, out var places);
        List<PersonalSpan> found = [];
        Collect(IdentityNumbers(), PersonalKind.IdentityNumber);
        Collect(Mobiles(), PersonalKind.Mobile);
        Collect(Landlines(), PersonalKind.Landline);
        found.Sort((a, b) => a.Start.CompareTo(b.Start));
        return found;

        void Collect(Regex pattern, PersonalKind kind)
        {
            foreach (Match match in pattern.Matches(plain))
            {
                var start = places[match.Index];
                var end = places[match.Index + match.Length - 1] + 1;
                var normal = Normal(match.Groups["number"].Value);
                if (kind == PersonalKind.IdentityNumber && !IsIdentityNumber(normal)) continue;
                if (kind == PersonalKind.Landline && normal[0] != '0') normal = "0" + normal;
                if (found.TrueForAll(other => end <= other.Start || other.End <= start)) found.Add(new PersonalSpan(kind, start, end - start, normal));
            }
        }
    }

    // Full-width digits, the many dashes and spaces, and the invisible marks that a copied number brings along.
    private static string Simplify(string text, out int[] places)
    {
        var plain = new StringBuilder(text.Length);
        places = new int[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var category = char.GetUnicodeCategory(c);
            if (category == UnicodeCategory.Format) continue;

            places[plain.Length] = i;
            plain.Append(c switch
            {
                >= '０' and <= '９' => (char)(c - '０' + '0'),
                'x' or 'ｘ' or 'Ｘ' => 'X',
                '＋' => '+',
                '（' => '(',
                '）' => ')',
                '\t' => ' ',
                'ー' or '－' or '−' => '-',
                _ when category == UnicodeCategory.SpaceSeparator => ' ',
                _ when category == UnicodeCategory.DashPunctuation => '-',
                _ => c,
            });
        }

        return plain.ToString();
    }

    private static string Normal(string matched) => string.Concat(matched.Where(c => char.IsAsciiDigit(c) || c == 'X'));

    // GB 11643: the date of birth is a day of the calendar, and the last digit is ISO 7064 MOD 11-2 of the others.
    private static bool IsIdentityNumber(string number)
    {
        var day = number.AsSpan(6, 8);
        if (!DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born) || born.Year is < 1900 or > 2099) return false;

        var sum = 0;
        for (var i = 0; i < CheckWeights.Length; i++) sum += (number[i] - '0') * CheckWeights[i];
        return CheckDigits[sum % 11] == number[17];
    }

    [GeneratedRegex(@"(?<![0-9])(?<number>[1-9][0-9]{5}[ -]{0,3}[0-9]{4}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]{0,3}[0-9]{3}(?:X|[0-9](?![0-9])))", RegexOptions.CultureInvariant)]
    private static partial Regex IdentityNumbers();

    [GeneratedRegex(
        @"(?<![0-9])(?:(?:\((?:\+|00)?86\)|(?:\+|00)?86)[ -]{0,3})?(?<number>1[3-9][0-9](?:[ -]{0,3}[0-9]{4}[ -]{0,3}[0-9]{4}|[0-9][ -]{0,3}[0-9]{3}[ -]{0,3}[0-9]{4}|[ -]{0,3}[0-9]{3}[ -]{0,3}[0-9]{5}))(?![0-9])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Mobiles();

    [GeneratedRegex(
        @"(?<![0-9])(?:(?:\((?:\+|00)86\)|(?:\+|00)86)[ -]{0,3}(?<number>(?:0?" + Area + @"|\(0?" + Area + @"\))" + Subscriber + @")|(?<number>(?:0" + Area + @"|\(0" + Area + @"\))" + Subscriber + @"))(?![0-9])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Landlines();
}
