using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>What can be wrong with a request about a case before anything is decided.</summary>
internal static class CaseProblems
{
    public static ProblemException CategoryUnknown() => new(422, "category.unknown", new("没有这个事项类别。", "There is no such category."), "category");

    public static ProblemException AreaUnknown() => new(422, "area.unknown", new("没有这个网格或小院。", "There is no such grid or yard."), "area");

    public static ProblemException OutsideDistrict() =>
        new(422, "place.outside_district", new("位置不在本辖区任何网格内。", "The point lies in no grid of this district."), "point");

    public static ProblemException PostUnknown() => new(422, "post.unknown", new("本镇街没有这个岗位。", "The town has no such post."), "post");
}
