using System.Text.RegularExpressions;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;

namespace CommandCenter.Domain.Tests;

/// <summary>Whoever is named in a refusal is called there as on the pages.</summary>
public class NamesInMessagesTests
{
    public static TheoryData<string, string, Message> Names
    {
        get
        {
            var names = new TheoryData<string, string, Message>();
            foreach (var role in Enum.GetValues<Role>())
                names.Add("role", Snake(role.ToString()), RoleNames.Of(role));
            foreach (var source in Enum.GetValues<CaseSource>())
                names.Add("source", Snake(source.ToString()), SourceNames.Of(source));
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_is_the_same_on_the_pages(string section, string code, Message name)
    {
        OnThePages("zh", section, code).ShouldBe(name.Zh);
        OnThePages("en", section, code).ShouldBe(name.En, StringCompareShould.IgnoreCase);
    }

    private static string OnThePages(string language, string section, string code)
    {
        var text = RepositoryFiles.Read("src", "CommandCenter.Web", "i18n", $"{language}.ts");
        return Regex.Match(text, $"\\n  {section}: {{.*?\\b{code}: '([^']*)'", RegexOptions.Singleline).Groups[1].Value;
    }

    private static string Snake(string name) => Regex.Replace(name, "(?<=[a-z])(?=[A-Z])", "_").ToLowerInvariant();
}
