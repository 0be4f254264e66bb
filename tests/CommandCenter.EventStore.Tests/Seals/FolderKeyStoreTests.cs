using System.Text;
using System.Text.Json.Nodes;
using static CommandCenter.EventStore.Tests.Seals.SealsFixture;

namespace CommandCenter.EventStore.Tests.Seals;

public sealed class FolderKeyStoreTests : IDisposable
{
    private readonly SealsFixture _given = new();

    public void Dispose() => _given.Dispose();

    [Fact]
    public async Task A_subject_has_one_key_also_after_restart()
    {
        SubjectKey first;
        using (var store = _given.Open()) first = await store.GetOrCreateAsync(Subject);

        using var again = _given.Open();
        var second = await again.GetOrCreateAsync(Subject);
        second.KeyId.ShouldBe(first.KeyId);
        second.Key.ToArray().ShouldBe(first.Key.ToArray());
        (await again.FindAsync(first.KeyId)).ShouldBeOfType<KeyLookup.Found>().Key.ToArray().ShouldBe(first.Key.ToArray());
        (await again.GetOrCreateAsync("case:2:reporter")).KeyId.ShouldNotBe(first.KeyId);
    }

    [Fact]
    public async Task The_key_file_holds_no_key_in_the_clear_and_says_whose_it_is()
    {
        using var store = _given.Open();
        var key = await store.GetOrCreateAsync(Subject);

        var text = await File.ReadAllTextAsync(_given.KeyFile(key.KeyId));
        var file = JsonNode.Parse(text)!.AsObject();
        file.Select(member => member.Key).ShouldBe(["keyId", "subject", "wrapped", "createdAt"]);
        file["subject"]!.GetValue<string>().ShouldBe(Subject);
        file["createdAt"]!.GetValue<string>().ShouldBe("2026-11-21T03:04:05.123456Z");
        text.ShouldNotContain(System.Buffers.Text.Base64Url.EncodeToString(key.Key.Span));
    }

    [Fact]
    public async Task An_id_that_never_was_is_unknown()
    {
        using var store = _given.Open();
        (await store.FindAsync(KeyId.Create())).ShouldBeOfType<KeyLookup.Unknown>();
    }

    [Fact]
    public async Task Only_the_owner_may_read_anything()
    {
        if (OperatingSystem.IsWindows()) return;

        using var store = _given.Open();
        await store.GetOrCreateAsync(Subject);
        await store.GetOrCreateAsync("case:2:reporter");
        await store.EraseSubjectAsync("case:2:reporter", "p-7", "asked", At);

        const UnixFileMode file = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.GetUnixFileMode(_given.Folder).ShouldBe(file | UnixFileMode.UserExecute);
        foreach (var folder in Directory.GetDirectories(_given.Folder, "*", SearchOption.AllDirectories)) File.GetUnixFileMode(folder).ShouldBe(file | UnixFileMode.UserExecute, folder);
        foreach (var path in Directory.GetFiles(_given.Folder, "*", SearchOption.AllDirectories)) File.GetUnixFileMode(path).ShouldBe(file, path);
    }

    [Fact]
    public void A_folder_open_to_others_is_closed_to_them()
    {
        if (OperatingSystem.IsWindows()) return;

        Directory.CreateDirectory(_given.Folder, (UnixFileMode)0b111_101_101);
        using var store = _given.Open();
        ((int)File.GetUnixFileMode(_given.Folder)).ShouldBe(0b111_000_000);
    }

    [Fact]
    public void A_master_key_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows()) return;

        _given.Open().Dispose();
        File.SetUnixFileMode(_given.Master, (UnixFileMode)0b110_100_000);
        Should.Throw<KeyStoreException>(_given.Open).Message.ShouldContain("0600");
    }

    [Fact]
    public async Task A_missing_master_key_is_never_replaced_while_keys_are_there()
    {
        using (var store = _given.Open()) await store.GetOrCreateAsync(Subject);
        File.Delete(_given.Master);

        Should.Throw<KeyStoreException>(_given.Open).Message.ShouldContain("missing");
        File.Exists(_given.Master).ShouldBeFalse();
    }

    [Fact]
    public async Task A_missing_master_key_is_never_replaced_when_all_keys_were_erased()
    {
        using (var store = _given.Open())
        {
            await store.GetOrCreateAsync(Subject);
            await store.EraseSubjectAsync(Subject, "p-7", "asked", At);
        }

        File.Delete(_given.Master);
        Should.Throw<KeyStoreException>(_given.Open);
    }

    [Fact]
    public async Task Another_folders_master_key_is_refused()
    {
        using (var store = _given.Open()) await store.GetOrCreateAsync(Subject);
        await File.WriteAllBytesAsync(_given.Master, new byte[32]);
        Should.Throw<KeyStoreException>(_given.Open).Message.ShouldContain("belongs to other keys");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_master_key_of_another_length_is_refused(int length)
    {
        _given.Open().Dispose();
        File.WriteAllBytes(_given.Master, new byte[length]);
        Should.Throw<KeyStoreException>(_given.Open);
    }

    [Fact]
    public void A_second_name_of_the_master_key_left_by_a_crash_is_removed()
    {
        _given.Open().Dispose();
        var leftover = _given.Master + ".0011223344556677.tmp";
        File.Copy(_given.Master, leftover);

        using var store = _given.Open();
        File.Exists(leftover).ShouldBeFalse();
        File.Exists(_given.Master).ShouldBeTrue();
    }

    [Fact]
    public async Task Many_callers_at_once_get_one_key()
    {
        using var store = _given.Open();
        var keys = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => store.GetOrCreateAsync(Subject))));
        keys.Select(key => key.KeyId).Distinct().Count().ShouldBe(1);
        keys.Select(key => Convert.ToHexString(key.Key.Span)).Distinct().Count().ShouldBe(1);
        _given.KeyFiles().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Many_stores_that_begin_a_folder_at_once_agree_on_its_master_key()
    {
        for (var round = 0; round < 15; round++)
        {
            using var fresh = new SealsFixture();
            var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(fresh.Open)));
            stores.Select(store => Convert.ToHexString(store.MacKey(MacPurpose.Lookup).Span)).Distinct().Count().ShouldBe(1);
            Directory.GetFiles(fresh.Folder).ShouldBe([fresh.Master]);
            foreach (var store in stores) store.Dispose();
        }
    }

    [Fact]
    public async Task Several_stores_on_one_folder_begin_it_once_and_create_one_key_per_subject()
    {
        // Stores share nothing but the folder, so this is what several processes do.
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(_given.Open)));
        try
        {
            for (var round = 0; round < 10; round++)
            {
                var subject = $"case:{round}:reporter";
                var keys = await Task.WhenAll(stores.Select(store => Task.Run(() => store.GetOrCreateAsync(subject))));
                keys.Select(key => (key.KeyId, Convert.ToHexString(key.Key.Span))).Distinct().Count().ShouldBe(1);
            }

            _given.KeyFiles().Count.ShouldBe(10);
        }
        finally
        {
            foreach (var store in stores) store.Dispose();
        }
    }

    [Fact]
    public async Task Keys_created_and_erased_at_once_by_several_stores_leave_one_living_key()
    {
        using var one = _given.Open();
        using var two = _given.Open();
        await Task.WhenAll(
            Task.Run(() => Create(one)), Task.Run(() => Create(two)), Task.Run(() => CreateAndErase(one)), Task.Run(() => CreateAndErase(two)));

        var last = await one.GetOrCreateAsync(Subject);
        (await two.GetOrCreateAsync(Subject)).KeyId.ShouldBe(last.KeyId);
        _given.KeyFiles().ShouldBe([_given.KeyFile(last.KeyId)]);
        var journalled = File.ReadLines(_given.Journal).Select(line => JsonNode.Parse(line)!["keyId"]!.GetValue<string>()).ToList();
        journalled.Distinct().Count().ShouldBe(journalled.Count);

        static async Task Create(FolderKeyStore store)
        {
            for (var i = 0; i < 40; i++) await store.GetOrCreateAsync(Subject);
        }

        static async Task CreateAndErase(FolderKeyStore store)
        {
            for (var i = 0; i < 20; i++)
            {
                await store.GetOrCreateAsync(Subject);
                await store.EraseSubjectAsync(Subject, "p-7", "asked", At);
            }
        }
    }

    [Fact]
    public async Task An_erased_key_is_erased_for_every_store_and_after_restart_and_the_subject_gets_a_new_one()
    {
        using var store = _given.Open();
        using var neighbour = _given.Open();
        var key = await store.GetOrCreateAsync(Subject);
        (await store.EraseSubjectAsync(Subject, "p-7", "按本人申请删除", At)).ShouldBe(new ErasureResult.Erased(key.KeyId));

        File.Exists(_given.KeyFile(key.KeyId)).ShouldBeFalse();
        using var restarted = _given.Open();
        foreach (var each in new[] { store, neighbour, restarted }) (await each.FindAsync(key.KeyId)).ShouldBeOfType<KeyLookup.Erased>();
        (await neighbour.EraseSubjectAsync(Subject, "p-7", "again", At)).ShouldBeOfType<ErasureResult.NothingToErase>();
        var next = await neighbour.GetOrCreateAsync(Subject);
        next.KeyId.ShouldNotBe(key.KeyId);
        (await restarted.GetOrCreateAsync(Subject)).KeyId.ShouldBe(next.KeyId);
        (await store.FindAsync(key.KeyId)).ShouldBeOfType<KeyLookup.Erased>();
    }

    [Fact]
    public async Task The_journal_says_which_key_when_by_whom_and_why()
    {
        using var store = _given.Open();
        var key = await store.GetOrCreateAsync(Subject);
        await store.EraseSubjectAsync(Subject, "p-7", "按本人申请删除", At);
        (await File.ReadAllTextAsync(_given.Journal)).ShouldBe(
            $$"""{"keyId":"{{key.KeyId}}","subject":"{{Subject}}","erasedAt":"2026-11-21T03:04:05.123456Z","by":"p-7","reason":"按本人申请删除"}""" + "\n");
    }

    [Fact]
    public async Task An_erased_key_put_back_from_a_backup_stays_erased_and_is_deleted_at_start()
    {
        using var store = _given.Open();
        var key = await store.GetOrCreateAsync(Subject);
        var backup = await File.ReadAllBytesAsync(_given.KeyFile(key.KeyId));
        await store.EraseSubjectAsync(Subject, "p-7", "asked", At);
        await File.WriteAllBytesAsync(_given.KeyFile(key.KeyId), backup);

        (await store.FindAsync(key.KeyId)).ShouldBeOfType<KeyLookup.Erased>();
        using var restarted = _given.Open();
        File.Exists(_given.KeyFile(key.KeyId)).ShouldBeFalse();
        (await restarted.FindAsync(key.KeyId)).ShouldBeOfType<KeyLookup.Erased>();
    }

    [Fact]
    public async Task A_whole_folder_put_back_from_before_the_erasure_with_the_journal_of_today_stays_erased()
    {
        KeyId keyId;
        using (var store = _given.Open()) keyId = (await store.GetOrCreateAsync(Subject)).KeyId;
        var before = Directory.GetFiles(_given.Folder, "*", SearchOption.AllDirectories).ToDictionary(path => path, File.ReadAllBytes);
        using (var store = _given.Open()) await store.EraseSubjectAsync(Subject, "p-7", "asked", At);
        foreach (var (path, content) in before) await File.WriteAllBytesAsync(path, content);

        using var restored = _given.Open();
        (await restored.FindAsync(keyId)).ShouldBeOfType<KeyLookup.Erased>();
        (await restored.GetOrCreateAsync(Subject)).KeyId.ShouldNotBe(keyId);
    }

    [Fact]
    public async Task Nothing_is_deleted_that_the_journal_could_not_take()
    {
        using var store = _given.Open();
        var key = await store.GetOrCreateAsync(Subject);
        Directory.CreateDirectory(_given.Journal);

        await Should.ThrowAsync<Exception>(() => store.EraseSubjectAsync(Subject, "p-7", "asked", At));
        Directory.Delete(_given.Journal);
        (await store.FindAsync(key.KeyId)).ShouldBeOfType<KeyLookup.Found>();
    }

    [Fact]
    public async Task What_the_journal_took_is_erased_even_if_the_deletion_fails_and_start_deletes_it()
    {
        using var store = _given.Open();
        var key = await store.GetOrCreateAsync(Subject);
        var content = await File.ReadAllBytesAsync(_given.KeyFile(key.KeyId));
        File.Delete(_given.KeyFile(key.KeyId));
        Directory.CreateDirectory(Path.Combine(_given.KeyFile(key.KeyId), "in the way"));

        await Should.ThrowAsync<Exception>(() => store.EraseSubjectAsync(Subject, "p-7", "asked", At));
        Directory.Delete(_given.KeyFile(key.KeyId), recursive: true);
        await File.WriteAllBytesAsync(_given.KeyFile(key.KeyId), content);
        (await store.FindAsync(key.KeyId)).ShouldBeOfType<KeyLookup.Erased>();
        using var restarted = _given.Open();
        File.Exists(_given.KeyFile(key.KeyId)).ShouldBeFalse();
    }

    [Fact]
    public async Task Half_a_journal_line_left_by_a_crash_is_cut_before_the_next()
    {
        using var store = _given.Open();
        var first = await store.GetOrCreateAsync(Subject);
        await store.EraseSubjectAsync(Subject, "p-7", "asked", At);
        var second = await store.GetOrCreateAsync(Subject);
        await File.AppendAllTextAsync(_given.Journal, $$"""{"keyId":"{{second.KeyId}}","subj""");

        using var restarted = _given.Open();
        (await restarted.FindAsync(second.KeyId)).ShouldBeOfType<KeyLookup.Found>();
        await restarted.EraseSubjectAsync(Subject, "p-7", "asked", At);
        File.ReadLines(_given.Journal).Select(line => JsonNode.Parse(line)!["keyId"]!.GetValue<string>()).ShouldBe([first.KeyId.Hex, second.KeyId.Hex]);
    }

    [Fact]
    public async Task A_whole_journal_line_without_its_end_counts_and_is_kept()
    {
        using var store = _given.Open();
        var first = await store.GetOrCreateAsync(Subject);
        await store.EraseSubjectAsync(Subject, "p-7", "asked", At);
        await File.WriteAllTextAsync(_given.Journal, (await File.ReadAllTextAsync(_given.Journal)).TrimEnd('\n'));

        using var restarted = _given.Open();
        (await restarted.FindAsync(first.KeyId)).ShouldBeOfType<KeyLookup.Erased>();
        var second = await restarted.GetOrCreateAsync(Subject);
        await restarted.EraseSubjectAsync(Subject, "p-7", "asked", At);
        File.ReadLines(_given.Journal).Select(line => JsonNode.Parse(line)!["keyId"]!.GetValue<string>()).ShouldBe([first.KeyId.Hex, second.KeyId.Hex]);
    }

    [Fact]
    public async Task A_journal_line_that_cannot_be_read_refuses_the_start()
    {
        using (var store = _given.Open()) await store.GetOrCreateAsync(Subject);
        await File.WriteAllTextAsync(_given.Journal, "rubbish\n");
        Should.Throw<KeyStoreException>(_given.Open).Message.ShouldContain("journal");
    }

    [Fact]
    public async Task A_lost_key_is_said_to_be_lost_until_the_subject_is_erased()
    {
        using var store = _given.Open();
        var key = await store.GetOrCreateAsync(Subject);
        File.Delete(_given.KeyFile(key.KeyId));

        (await store.FindAsync(key.KeyId)).ShouldBeOfType<KeyLookup.Unknown>();
        (await Should.ThrowAsync<KeyStoreException>(() => store.GetOrCreateAsync(Subject))).Message.ShouldContain("lost");
        await store.EraseSubjectAsync(Subject, "p-7", "lost", At);
        (await store.GetOrCreateAsync(Subject)).KeyId.ShouldNotBe(key.KeyId);
    }

    [Fact]
    public async Task A_key_file_under_another_id_or_for_another_subject_is_damaged()
    {
        using var store = _given.Open();
        var key = await store.GetOrCreateAsync(Subject);
        var other = await store.GetOrCreateAsync("case:2:reporter");
        var text = await File.ReadAllTextAsync(_given.KeyFile(key.KeyId));

        await File.WriteAllTextAsync(_given.KeyFile(other.KeyId), text);
        (await store.FindAsync(other.KeyId)).ShouldBeOfType<KeyLookup.Damaged>();
        await File.WriteAllTextAsync(_given.KeyFile(key.KeyId), text.Replace(Subject, "case:3:reporter", StringComparison.Ordinal));
        (await store.FindAsync(key.KeyId)).ShouldBeOfType<KeyLookup.Damaged>();
        await File.WriteAllTextAsync(_given.KeyFile(key.KeyId), "{");
        (await store.FindAsync(key.KeyId)).ShouldBeOfType<KeyLookup.Damaged>();
        await Should.ThrowAsync<KeyStoreException>(() => store.GetOrCreateAsync(Subject));
    }

    [Theory]
    [InlineData("")]
    [InlineData("case 1")]
    [InlineData("案件")]
    [InlineData("a\nb")]
    public async Task A_subject_is_named_in_printable_characters(string subject)
    {
        using var store = _given.Open();
        await Should.ThrowAsync<ArgumentException>(() => store.GetOrCreateAsync(subject));
    }

    [Fact]
    public void The_keys_for_hashes_differ_by_purpose_and_stay_after_restart()
    {
        using var store = _given.Open();
        using var again = _given.Open();
        store.MacKey(MacPurpose.Lookup).ToArray().ShouldBe(again.MacKey(MacPurpose.Lookup).ToArray());
        store.MacKey(MacPurpose.Lookup).ToArray().ShouldNotBe(store.MacKey(MacPurpose.Commands).ToArray());
    }

    [Theory]
    [InlineData("00112233445566778899aabbccddeeff", true)]
    [InlineData("00112233445566778899AABBCCDDEEFF", false)]
    [InlineData("00112233445566778899aabbccddeef", false)]
    [InlineData("../../../../../../../etc/passwd0", false)]
    public void A_key_id_is_32_lower_case_hex_digits(string text, bool valid)
    {
        KeyId.TryParse(text, out var keyId).ShouldBe(valid);
        if (valid) KeyId.FromBytes(keyId.ToBytes()).Hex.ShouldBe(text);
    }

    [Fact]
    public async Task Nothing_temporary_is_left_behind()
    {
        using var store = _given.Open();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => store.GetOrCreateAsync($"case:{i % 4}:reporter"))));
        Directory.GetFiles(_given.Folder, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
        Encoding.ASCII.GetString(await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(_given.Folder, "names"), "*", SearchOption.AllDirectories)[0])).Length.ShouldBe(33);
    }
}
