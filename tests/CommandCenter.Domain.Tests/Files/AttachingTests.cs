using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Files;
using CommandCenter.Domain.Tasks;

namespace CommandCenter.Domain.Tests;

/// <summary>What a command brings with it stands in the event of what was done.</summary>
public class AttachingTests
{
    private static readonly Attachment Contract = new($"sha256:{new string('a', 64)}", MediaKind.Document, "application/pdf", 1234, "sealed:1:name");
    private static readonly MarkedText Text = new("合同已签", []);

    [Fact]
    public void The_attachments_of_a_command_come_with_the_event_of_what_was_done_and_with_no_other()
    {
        var emitted = new Decision<TaskEvent>.Emit([new TaskClaimed(), new TaskProgressed([], Text)]);

        var decision = emitted.WithAttachmentsOf(new ProgressTask(Text, [], null) { Attachments = [Contract] }).ShouldBeOfType<Decision<TaskEvent>.Emit>();

        decision.Events.Select(Attachments.Of).Select(of => of.Count).ShouldBe([0, 1]);
        Attachments.Of(decision.Events[1]).ShouldBe([Contract]);
        ((TaskProgressed)decision.Events[1]).Note.ShouldBe(Text);
    }

    [Fact]
    public void Nothing_is_attached_to_what_does_not_happen_and_no_decision_changes_without_attachments()
    {
        Decision<CaseEvent> nothing = new Decision<CaseEvent>.Nothing();
        Decision<CaseEvent> emitted = new Decision<CaseEvent>.Emit([new CaseCompleted(Text, [])]);

        nothing.WithAttachmentsOf(new CompleteCase(Text, []) { Attachments = [Contract] }).ShouldBeSameAs(nothing);
        emitted.WithAttachmentsOf(new CompleteCase(Text, [])).ShouldBeSameAs(emitted);
        emitted.WithAttachmentsOf(new CompleteCase(Text, []) { Attachments = [] }).ShouldBeSameAs(emitted);
    }

    [Fact]
    public void Attachments_that_no_event_may_have_are_a_mistake_of_the_program_and_not_lost_in_silence() =>
        Should.Throw<InvalidOperationException>(() => new Decision<CaseEvent>.Emit([new CaseUrged()]).WithAttachmentsOf(new UrgeCase(Text, Sample.T0) { Attachments = [Contract] }));

    [Fact]
    public void Progress_of_a_task_may_be_an_attachment_alone()
    {
        var task = Tasks.Fold(TaskSample.Assigned(), TaskSample.TaskClaimed());
        TaskDecider.Decide(new ProgressTask(null, [], null), task, TaskSample.Worker).ShouldBeOfType<Decision<TaskEvent>.Refuse>();
        TaskDecider.Decide(new ProgressTask(null, [], null) { Attachments = [Contract] }, task, TaskSample.Worker).ShouldBeOfType<Decision<TaskEvent>.Emit>();
    }

    [Theory]
    [InlineData("合同.pdf", null)]
    [InlineData("  现场.JPG ", null)]
    [InlineData("a.exe.pdf", null)]
    [InlineData("", FileNameFault.Malformed)]
    [InlineData(" \t", FileNameFault.Malformed)]
    [InlineData(".pdf", FileNameFault.Malformed)]
    [InlineData("../合同.pdf", FileNameFault.Malformed)]
    [InlineData("C:\\合同.pdf", FileNameFault.Malformed)]
    [InlineData("合同\u202Efdp.exe", FileNameFault.Malformed)]
    [InlineData("合\u0007同.pdf", FileNameFault.Malformed)]
    [InlineData("⟦1⟧.pdf", FileNameFault.Malformed)]
    [InlineData("合同", FileNameFault.UnknownExtension)]
    [InlineData("合同.doc", FileNameFault.UnknownExtension)]
    [InlineData("合同.pdf.exe", FileNameFault.UnknownExtension)]
    [InlineData("宏.docm", FileNameFault.UnknownExtension)]
    public void A_name_is_one_that_files_have_with_an_extension_that_is_taken(string name, FileNameFault? fault) => FileName.Fault(name).ShouldBe(fault);

    [Fact]
    public void A_name_may_be_just_so_long_and_must_not_lie()
    {
        FileName.Fault(new string('长', FileName.Longest - 4) + ".pdf").ShouldBeNull();
        FileName.Fault(new string('长', FileName.Longest - 3) + ".pdf").ShouldBe(FileNameFault.Malformed);
        FileName.Fault("合同.docx", FileType.Pdf).ShouldBe(FileNameFault.Lying);
        FileName.Fault("合同.pdf", FileType.Pdf).ShouldBeNull();
        FileName.Fault("录音.mp4", FileType.AudioMp4).ShouldBeNull();
        FileName.LongestOf("录像.mp4").ShouldBe(FileType.VideoMp4.Longest);
    }

    [Fact]
    public void Every_type_has_its_own_media_type_and_extensions()
    {
        FileType.All.Select(type => type.MediaType).ShouldBeUnique();
        FileType.All.ShouldAllBe(type => type.Extensions.Count > 0 && FileType.Find(type.MediaType) == type);
        FileType.LongestOfAll.ShouldBe(100L * 1024 * 1024);
        FileType.Find("text/html").ShouldBeNull();
    }
}
