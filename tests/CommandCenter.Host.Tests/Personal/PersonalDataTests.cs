using System.Text;
using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.EventStore;
using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Files;
using CommandCenter.Host.Tests.Towns;
using Microsoft.Extensions.DependencyInjection;

namespace CommandCenter.Host.Tests.Personal;

/// <summary>Personal data never reaches the database or the disk in the clear, and is shown to those who need it.</summary>
public sealed class PersonalDataTests(TownFixture fixture) : IClassFixture<TownFixture>
{
    private const string Name = "欧阳测试";
    private const string Phone = "13812345678";
    private const string Address = "桂花巷 88 号 3-2";
    private const string PhoneInText = "13987654321";
    private const string IdentityNumber = "500226199001011232";

    private Town Town => fixture.Town;

    [Fact]
    public async Task Name_phone_address_and_numbers_in_texts_are_nowhere_in_the_database_or_in_the_files()
    {
        var photo = Images.Png(7, 4096);
        await AFullCase(photo);
        string[] secrets = [Name, Phone, Address, PhoneInText, "139 8765 4321", IdentityNumber, "50022619900101123"];

        var rows = await EverythingInTheDatabaseAsync();

        rows.Count.ShouldBeGreaterThan(50);
        // The search itself is tried on what does stand there in the clear.
        rows.ShouldContain(row => row.Contains("河水发黑"));
        foreach (var secret in secrets)
        {
            rows.ShouldNotContain(row => row.Contains(secret), secret);
            // How bytea prints.
            rows.ShouldNotContain(row => row.Contains(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret))), $"{secret} in bytes");
            // As jsonb or a log might escape it.
            rows.ShouldNotContain(row => row.Contains(string.Concat(secret.Select(c => c < 128 ? c.ToString() : $"\\u{(int)c:x4}"))), $"{secret} escaped");
        }

        var files = Directory.GetFiles(Town.DataFolder, "*", SearchOption.AllDirectories);
        files.Length.ShouldBeGreaterThan(3);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file);
            foreach (var secret in secrets)
                bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1, $"{secret} in {file}");
            bytes.AsSpan().IndexOf(photo.AsSpan(100, 64)).ShouldBe(-1, $"the photo in {file}");
        }
    }

    [Theory]
    [InlineData(People.Operator, true)]
    [InlineData(People.Dispatcher, true)]
    [InlineData(People.Handler, true)]
    [InlineData(People.HandlerOfSamePost, true)]
    [InlineData(People.GridWorker, true)]
    [InlineData(People.SectorLead, false)]
    [InlineData(People.TownLeader, false)]
    [InlineData(People.Supervisor, false)]
    [InlineData("post-handler-01", false)]
    [InlineData("office-01", false)]
    public async Task Personal_data_is_shown_to_those_who_take_the_report_and_go_there_and_hidden_from_the_others(string person, bool shown)
    {
        var which = await AFullCase();

        var detail = await Town.Read(which, person);
        var history = (await Town.As(person).GetAsync($"{which.Path}/history")).Text;

        if (shown)
        {
            detail.Text.ShouldBe($"河水发黑,请打 {PhoneInText} 联系");
            detail.Reporter.ShouldBe(new ReporterView(new PersonalValue(PersonalState.Open, Name), new PersonalValue(PersonalState.Open, Phone)));
            detail.Address.ShouldBe(new PersonalValue(PersonalState.Open, Address));
            history.ShouldContain(IdentityNumber);
        }
        else
        {
            detail.Text.ShouldBe("河水发黑,请打 ⟦phone⟧ 联系");
            detail.Reporter.ShouldBe(new ReporterView(new PersonalValue(PersonalState.Hidden), new PersonalValue(PersonalState.Hidden)));
            detail.Address.ShouldBe(new PersonalValue(PersonalState.Hidden));
            history.ShouldContain("⟦identity_number⟧");
            foreach (var secret in (string[])[Name, Phone, PhoneInText, IdentityNumber, "sealed:"])
                history.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task A_list_shows_a_word_in_the_place_of_a_number_to_everybody()
    {
        var which = await AFullCase();

        var item = (await Town.As(People.Operator).GetAsync<CaseList>($"/api/cases?minPosition={which.Position}")).Items.Single(item => item.Id == which.Id);

        item.Text.ShouldNotContain(PhoneInText);
        item.Text.ShouldMatch("^河水发黑,请打 ⟦personal⟧ 联系$");
    }

    [Fact]
    public async Task After_an_erasure_the_values_are_gone_and_the_case_goes_on()
    {
        var which = await AFullCase();
        var keys = Town.Services.GetRequiredService<IKeyStore>();

        (await keys.EraseSubjectAsync($"{which.Stream}:reporter", "administrator-01", "asked for by the person", Town.Clock.GetUtcNow())).ShouldBeOfType<ErasureResult.Erased>();

        var detail = await Town.Read(which);
        detail.Reporter.ShouldBe(new ReporterView(new PersonalValue(PersonalState.Erased), new PersonalValue(PersonalState.Erased)));
        detail.Address.ShouldBe(new PersonalValue(PersonalState.Erased));
        detail.Text.ShouldBe("河水发黑,请打 ⟦erased⟧ 联系");
        (await Town.As(People.Operator).GetAsync($"{which.Path}/history")).Ok<CaseHistory>().Items.Count.ShouldBe((int)which.Version);
        (await Town.As(People.Operator).GetAsync<CaseList>($"/api/cases?minPosition={which.Position}")).Items.ShouldContain(item => item.Id == which.Id);
        which = await Town.After(which, "claim", new ClaimCaseRequest(), People.Handler);
        await Town.After(which, "complete", new CompleteCaseRequest($"已回电 {PhoneInText}"), People.Handler);
        (await Town.As(People.Operator).GetAsync($"{which.Path}/history")).Text.ShouldContain($"已回电 {PhoneInText}");
    }

    [Fact]
    public async Task A_photo_that_somebody_else_uploaded_is_not_read_by_putting_its_hash_into_a_case_of_ones_own()
    {
        var which = await AFullCase(Images.Png(9, 2048));
        var photo = (await Town.Read(which)).Photos.ShouldHaveSingleItem();

        var theft = await Town.As(People.GridWorkerElsewhere).ReportAsync(Town.AReport() with { Point = null, Area = Town.Area(Places.OtherGrid), Photos = [photo] });

        theft.Problem(422, "photo.unknown", "photos");
        var hidden = await Town.Read(which, People.SectorLead);
        (hidden.Photos.Count, hidden.PhotosHidden, hidden.Point).ShouldBe((0, 1, null));
        (await Town.As(People.SectorLead).GetAsync($"{which.Path}/history")).Text.ShouldNotContain("sha256:");
    }

    [Fact]
    public async Task A_photo_is_given_to_those_allowed_and_only_through_its_own_case()
    {
        var image = Images.Png(8, 2048);
        var which = await AFullCase(image);
        var other = await Town.ACaseThatWasReported();
        var photo = (await Town.Read(which)).Photos.ShouldHaveSingleItem();

        var download = await Town.As(People.Operator).GetAsync($"{which.Path}/photos/{photo}");

        (download.Status, download.MediaType).ShouldBe((200, "image/png"));
        download.Body.ShouldBe(image);
        download.Header("X-Content-Type-Options").ShouldBe("nosniff");
        download.Header("Cache-Control").ShouldBe("no-store, private");
        (await Town.As(People.SectorLead).GetAsync($"{which.Path}/photos/{photo}")).Problem(403, "access.denied");
        (await Town.As(People.GridWorkerElsewhere).GetAsync($"{which.Path}/photos/{photo}")).Problem(403, "access.denied");
        (await Town.As(null).GetAsync($"{which.Path}/photos/{photo}")).Problem(401, "actor.missing", "X-Actor");
        (await Town.As(People.Operator).GetAsync($"{other.Path}/photos/{photo}")).Problem(404, "photo.unknown");
        (await Town.As(People.Operator).GetAsync($"{which.Path}/photos/sha256:{new string('0', 64)}")).Problem(404, "photo.unknown");

        await Town.Services.GetRequiredService<IKeyStore>().EraseSubjectAsync(SealedFiles.SubjectOf(photo), "administrator-01", "asked for by the person", Town.Clock.GetUtcNow());

        (await Town.As(People.Operator).GetAsync($"{which.Path}/photos/{photo}")).Problem(410, "photo.erased");
        (await Town.Read(which)).Photos.ShouldBe([photo]);
        (await Town.As(People.GridWorker).PostAsync("/api/photos", image, key: "", mediaType: "image/png")).Problem(410, "photo.erased");
        (await Town.As(People.Operator).GetAsync($"{which.Path}/photos/{photo}")).Problem(410, "photo.erased");
    }

    [Fact]
    public async Task What_looks_like_a_seal_or_a_mark_in_a_persons_text_is_only_text()
    {
        var which = await Town.ACaseThatWasReported(Town.AReport("sealed:1:00 ⟦1⟧ {0} $1"));

        (await Town.Read(which)).Text.ShouldBe("sealed:1:00 [1] {0} $1");
        (await Town.As(People.Operator).GetAsync($"{which.Path}/history")).Status.ShouldBe(200);
    }

    private async Task<TestCase> AFullCase(byte[]? photo = null)
    {
        IReadOnlyList<string> photos = [];
        if (photo is not null)
            photos = [(await Town.As(People.GridWorker).PostAsync("/api/photos", photo, key: "", mediaType: "image/png")).Ok<PhotoReceipt>().Photo];
        var which = await Town.ACaseThatWasReported(Town.AReport($"河水发黑,请打 {PhoneInText} 联系") with { Reporter = new ReporterRequest(Name, Phone), Address = Address, Photos = photos });
        which = await Town.After(which, "file", new FileCaseRequest("river-pollution", Urgency.Normal, $"来电人证件 {IdentityNumber}"), People.Operator);
        return await Town.After(which, "dispatch", new DispatchCaseRequest(Unit.OfPost("village-construction"), Instructions: $"请联系 139 8765 4321"), People.Dispatcher);
    }

    private async Task<IReadOnlyList<string>> EverythingInTheDatabaseAsync()
    {
        await Town.CaughtUpAsync();
        var rows = new List<string>();
        foreach (var table in await Town.ColumnAsync("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
            rows.AddRange(await Town.ColumnAsync($"select t::text from {table} t"));
        return rows;
    }
}
