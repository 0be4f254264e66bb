using CommandCenter.Domain;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Tasks;

/// <summary>What can be wrong with a request about tasks before or beside what is decided.</summary>
internal static class TaskProblems
{
    public static ProblemException Lines(IReadOnlyList<RefusalLine> lines) =>
        new(422, "task_list.lines", new("以下各行有误，清单未保存。", "These lines are wrong, so nothing was kept."), lines[0].Line) { Lines = lines };

    public static RefusalLine AreaUnknown(string line) => new(line, "area.unknown", new("没有这个区域。", "There is no such area."));

    public static RefusalLine MatterUnknown(string line) => new(line, "category.unknown", new("没有这个事项类别。", "There is no such category."));

    public static RefusalLine NoneInside(string line) => new(line, "area.none_inside", new("该区域内没有这一层级的区域。", "There is no area of this level inside."));

    public static ProblemException Moving() =>
        new(409, "task_list.moving", new("清单中的任务正在变动，请再试一次。", "Tasks of the list changed at this moment; try again.")) { RetryAfterSeconds = 1 };

    public static ProblemException TargetUnknown() => new(422, "area.unknown", new("没有这个区域。", "There is no such area."), "target");
}
