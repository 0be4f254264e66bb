using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CommandCenter.Domain.Admissions;
using CommandCenter.Domain.Agendas;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Deadlines;
using CommandCenter.Domain.Duty;
using CommandCenter.Domain.Hotline;
using CommandCenter.Domain.Inbox;
using CommandCenter.Domain.Listings;
using CommandCenter.Domain.Tasks;
using CommandCenter.Domain.Meetings;
using CommandCenter.Domain.Organization;
using CommandCenter.Domain.Reviews;
using CommandCenter.Domain.Spots;
using CommandCenter.Domain.Whistles;

namespace CommandCenter.Domain.Tests;

/// <summary>What the layout of the sources promises, held by reading them.</summary>
public partial class SourceRuleTests
{
    private const string Domain = "src/CommandCenter.Domain";
    private const string EventStore = "src/CommandCenter.EventStore";
    private const string Host = "src/CommandCenter.Host";

    // Plumbing that every slice may use, and what is no slice.
    private static readonly string[] Shared = ["Http", "Composition"];
    private static readonly string[] NoSlice = [.. Shared, "LocalPostgres"];

    [Fact]
    public void The_domain_references_no_package_and_no_project() =>
        References(Domain).ShouldBeEmpty();

    [Fact]
    public void The_domain_is_built_on_the_base_library_only() =>
        typeof(DomainEvents).Assembly.GetReferencedAssemblies().Select(name => name.Name)
            .ShouldAllBe(name => name!.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard");

    [Fact]
    public void The_domain_does_no_input_and_no_output()
    {
        string[] edges = ["System.IO", "System.Net", "System.Data", "System.Diagnostics.Process", "System.Threading.Tasks", "Microsoft."];
        foreach (var (file, line) in Usings(Domain))
            edges.ShouldAllBe(edge => !line.StartsWith(edge, StringComparison.Ordinal), $"{file} uses {line}");

        // What implicit usings would let in.
        foreach (var (file, code) in Sources(Domain))
            InputOutput().IsMatch(code).ShouldBeFalse($"{file} names {InputOutput().Match(code).Value}");
    }

    [Fact]
    public void The_event_store_references_Npgsql_only() =>
        References(EventStore).ShouldBe(["Npgsql"]);

    [Fact]
    public void The_event_store_uses_the_base_library_and_Npgsql_only()
    {
        foreach (var (file, line) in Usings(EventStore))
            EventStoreMayUse().IsMatch(line).ShouldBeTrue($"{file} uses {line}");
    }

    [Fact]
    public void The_event_store_knows_nothing_of_cases()
    {
        foreach (var (file, code) in Sources(EventStore))
            CaseWord().IsMatch(code).ShouldBeFalse($"{file} names {CaseWord().Match(code).Value}");
    }

    [Fact]
    public void A_slice_of_the_host_never_uses_another_slice()
    {
        var slices = Slices();
        foreach (var (file, code) in Sources(Host).Where(source => slices.Contains(source.File.Split('/')[0])))
        {
            var own = file.Split('/')[0];
            var foreign = HostName().Matches(code).Select(match => match.Groups[1].Value).Where(name => name != own && slices.Contains(name)).Distinct();
            foreign.ShouldBeEmpty($"{file} reaches into another slice: use domain types, the log, the read tables, or the shared folders {string.Join(" and ", Shared)}.");
        }
    }

    [Fact]
    public void What_every_slice_may_use_uses_no_slice_itself()
    {
        var slices = Slices();
        foreach (var (file, code) in Sources(Host).Where(source => NoSlice.Contains(source.File.Split('/')[0])))
            HostName().Matches(code).Select(match => match.Groups[1].Value).Where(slices.Contains).Distinct().ShouldBeEmpty(file);
    }

    [Fact]
    public void Every_file_of_the_host_stands_in_the_namespace_of_its_folder()
    {
        foreach (var (file, code) in Sources(Host).Where(source => source.File.Contains('/', StringComparison.Ordinal)))
        {
            var name = Namespace().Match(code).Groups[1].Value;
            name.ShouldStartWith($"CommandCenter.Host.{file.Split('/')[0]}", Shouldly.Case.Sensitive, file);
        }
    }

    [Fact]
    public void Nothing_that_lives_longer_than_a_request_keeps_an_organization()
    {
        // What is registered as a singleton or a worker by its type, and what such a registration makes with its own hands.
        var wiring = RepositoryFiles.Read("src", "CommandCenter.Host", "CommandCenterHost.cs");
        var lasting = Singleton().Matches(wiring).SelectMany(match => match.Groups[1].Value.Split(',')).Concat(Made().Matches(wiring).Select(match => match.Groups[1].Value)).Select(name => name.Trim()).ToHashSet();
        var types = Sources("src").SelectMany(source => TypeHead().Matches(source.Code).Select(match => (source.File, Name: match.Groups[1].Value, Parameters: match.Groups[2].Value))).Where(type => lasting.Contains(type.Name)).ToList();

        types.Count.ShouldBeGreaterThan(40, "the wiring reads otherwise than it did");
        types.Select(type => type.Name).ShouldContain("CaseKind");
        foreach (var (file, name, parameters) in types)
            parameters.Contains(nameof(OrganizationDirectory), StringComparison.Ordinal).ShouldBeFalse($"{file}: {name} keeps the organization of the day on which it was made; it has to ask IOrganization.");
    }

    /// <summary>The base types of all events.</summary>
    private static readonly Type[] Kinds = [typeof(CaseEvent), typeof(InboxEvent), typeof(TaskListEvent), typeof(TaskEvent), typeof(AdmissionEvent), typeof(MeetingEvent), typeof(WhistleEvent), typeof(OrganizationEvent), typeof(DutyEvent), typeof(PolicyEvent), typeof(AgendaEvent), typeof(ListingEvent), typeof(GuidanceEvent), typeof(ReviewEvent), typeof(SpotEvent), typeof(HotlineEvent)];

    [Fact]
    public void Every_event_is_registered_with_a_version_a_frozen_name_and_a_golden_file()
    {
        var events = typeof(DomainEvents).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && Kinds.Any(type.IsSubclassOf))
            .ToList();

        DomainEvents.All.Select(name => name.Type).ShouldBe(events, ignoreOrder: true);
        DomainEvents.All.Select(name => name.Alias).ShouldBeUnique();
        foreach (var name in DomainEvents.All)
        {
            name.Version.ShouldBeGreaterThan(0);
            name.Alias.ShouldMatch(name.Version == 1 ? "^[a-z]+(_[a-z]+)+$" : $"^[a-z_]+_v{name.Version}$");
            name.DotnetType.ShouldMatch(@"^[A-Za-z.]+, CommandCenter\.Domain$");
            File.Exists(Path.Combine(GoldenFiles.Folder, "events", $"{name.Alias}.golden.json")).ShouldBeTrue(name.Alias);
        }
    }

    [Fact]
    public void Every_event_is_sealed_and_cannot_change() =>
        DomainEvents.All.ShouldAllBe(name => name.Type.IsSealed && name.Type.GetProperties().All(property => property.SetMethod == null || IsInit(property)));

    [Fact]
    public void Every_project_bans_the_clock_and_randomness()
    {
        foreach (var project in RepositoryFiles.Below("src", "*.csproj"))
        {
            XDocument.Parse(RepositoryFiles.Read("src", project)).Descendants("AdditionalFiles").Select(item => (string?)item.Attribute("Include"))
                .ShouldContain("../../ops/build/banned-clock-and-randomness.txt", project);
        }

        RepositoryFiles.Read("ops", "build", "Directory.Build.props").ShouldContain("Microsoft.CodeAnalysis.BannedApiAnalyzers");
        RepositoryFiles.Read(".editorconfig").ShouldContain("dotnet_diagnostic.RS0030.severity = error");
        var banned = RepositoryFiles.Read("ops", "build", "banned-clock-and-randomness.txt");
        foreach (var symbol in (string[])["DateTime.Now;", "DateTime.UtcNow;", "DateTimeOffset.Now;", "DateTimeOffset.UtcNow;", "TimeZoneInfo.Local;", "Guid.NewGuid;", "Random.Shared;"])
            banned.ShouldContain(symbol);
    }

    [Fact]
    public void The_domain_lifts_no_ban() =>
        Sources(Domain).ShouldAllBe(source => !source.Code.Contains("RS0030", StringComparison.Ordinal));

    [Fact]
    public void Test_names_are_sentences()
    {
        foreach (var file in RepositoryFiles.Below("tests", "*.cs"))
        {
            foreach (Match test in TestMethod().Matches(RepositoryFiles.Read("tests", file)))
                test.Groups[1].Value.ShouldContain('_', $"{file}: {test.Groups[1].Value}");
        }
    }

    [Fact]
    public void Nothing_is_swallowed_and_nothing_is_put_off()
    {
        foreach (var (file, code) in Sources("src", withComments: true))
        {
            EmptyCatch().IsMatch(code).ShouldBeFalse($"{file} has an empty catch");
            PutOff().IsMatch(code).ShouldBeFalse($"{file} puts something off: {PutOff().Match(code).Value}");
        }
    }

    private static bool IsInit(PropertyInfo property) =>
        property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));

    private static HashSet<string> Slices() =>
        [.. RepositoryFiles.Below(Host, "*.cs").Where(file => file.Contains('/', StringComparison.Ordinal)).Select(file => file.Split('/')[0]).Where(folder => !NoSlice.Contains(folder))];

    private static IReadOnlyList<string?> References(string project)
    {
        var name = project.Split('/')[^1];
        return
        [
            .. XDocument.Parse(RepositoryFiles.Read([.. project.Split('/'), $"{name}.csproj"])).Descendants()
                .Where(item => item.Name.LocalName is "PackageReference" or "ProjectReference" or "Reference" or "FrameworkReference")
                .Select(item => (string?)item.Attribute("Include")),
        ];
    }

    private static IEnumerable<(string File, string Line)> Usings(string project) =>
        from source in Sources(project)
        from Match match in Using().Matches(source.Code)
        select (source.File, match.Groups[1].Value);

    private static IEnumerable<(string File, string Code)> Sources(string folder, bool withComments = false) =>
        RepositoryFiles.Below(folder, "*.cs").Select(file =>
        {
            var code = RepositoryFiles.Read([.. folder.Split('/'), .. file.Split('/')]);
            return (file, withComments ? code : Comment().Replace(code, ""));
        });

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"\bCommandCenter\.Domain\b|\b(Case[A-Z]|Deadline|Dispatch|Escalat|Inbox|Notice|Sector|Grid|Village|Town|Resident)\w*")]
    private static partial Regex CaseWord();

    // Npgsql itself brings the logging abstractions; handles of files are the base library's, whatever they are called.
    [GeneratedRegex(@"^(System(\.|$)|Microsoft\.Win32\.SafeHandles|Npgsql|Microsoft\.Extensions\.Logging|CommandCenter\.EventStore)")]
    private static partial Regex EventStoreMayUse();

    [GeneratedRegex(@"(?:\bCommandCenter\.Host\.|\bHost\.|(?<![\w.]))([A-Z]\w+)(?=\.[A-Z]|;)")]
    private static partial Regex HostName();

    [GeneratedRegex(@"Add(?:Singleton|HostedService)<([\w, ]+)>")]
    private static partial Regex Singleton();

    [GeneratedRegex(@"Add(?:Singleton|HostedService)\((?:\w+ => )?new (\w+)\(")]
    private static partial Regex Made();

    [GeneratedRegex(@"\b(?:class|record) (\w+)\(([^)]*)\)")]
    private static partial Regex TypeHead();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(File\.(Read|Write|Open|Exists)|Directory\.|HttpClient|Task<|Console\.|Environment\.)")]
    private static partial Regex InputOutput();

    [GeneratedRegex(@"\[(?:\w*Fact|\w*Theory)\b[^\n]*\]\s*(?:\[[^\n]*\]\s*)*public\s+(?:async\s+)?(?:static\s+)?[\w<>]+\s+(\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|\bfor now\b")]
    private static partial Regex PutOff();
}
