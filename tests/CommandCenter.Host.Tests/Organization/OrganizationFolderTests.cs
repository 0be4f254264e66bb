using System.Text;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Organization;

namespace CommandCenter.Host.Tests.Organization;

public sealed class OrganizationFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("organization-");

    public OrganizationFolderTests()
    {
        foreach (var file in new DirectoryInfo(OrganizationFolder.DemoDistrict).EnumerateFiles())
            file.CopyTo(Path.Combine(_folder.FullName, file.Name));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_demo_town_is_delivered_with_the_host_and_reads_without_errors() =>
        OrganizationFolder.Read(OrganizationFolder.DemoDistrict).ShouldBeOfType<OrganizationReading.Complete>().Content.Borders.Count.ShouldBe(21);

    [Fact]
    public void A_byte_order_mark_written_by_a_spreadsheet_is_skipped()
    {
        var path = Path.Combine(_folder.FullName, OrganizationReader.PeopleFile);
        File.WriteAllText(path, File.ReadAllText(path), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        OrganizationFolder.Read(_folder.FullName).ShouldBeOfType<OrganizationReading.Complete>();
    }

    [Fact]
    public void A_file_that_is_not_utf8_is_refused_with_the_line_of_the_first_wrong_byte()
    {
        var path = Path.Combine(_folder.FullName, OrganizationReader.PeopleFile);
        // 网格 as GBK, the encoding in which Chinese spreadsheets save CSV.
        File.WriteAllBytes(path, [.. "id,name,name_en\none,"u8, 0xCD, 0xF8, 0xB8, 0xF1, .. ",One\n"u8]);

        var error = OrganizationFolder.Read(_folder.FullName).ShouldBeOfType<OrganizationReading.Refused>().Errors.ShouldHaveSingleItem();

        (error.File, error.Line, error.Code).ShouldBe((OrganizationReader.PeopleFile, 2, "not_utf8"));
    }

    [Fact]
    public void A_missing_file_is_an_error_and_a_missing_folder_an_exception()
    {
        File.Delete(Path.Combine(_folder.FullName, OrganizationReader.GridsFile));

        OrganizationFolder.Read(_folder.FullName).ShouldBeOfType<OrganizationReading.Refused>()
            .Errors.ShouldContain(error => error.File == OrganizationReader.GridsFile && error.Code == "missing_file");
        Should.Throw<DirectoryNotFoundException>(() => OrganizationFolder.Read(Path.Combine(_folder.FullName, "nowhere")));
    }
}
