using CommandCenter.Host.Http;

namespace CommandCenter.Host.Whistles;

/// <summary>What can be wrong with a request about a whistle before anything is decided.</summary>
internal static class WhistleProblems
{
    public static ProblemException AreaUnknown() => new(422, "area.unknown", new("没有这个村(社区)、网格或小院。", "There is no such village, grid or yard."), "area");

    public static ProblemException OutsideDistrict() =>
        new(422, "place.outside_district", new("位置不在本辖区任何网格内。", "The point lies in no grid of this district."), "point");

    public static ProblemException UnitUnknown(string field) =>
        new(422, "unit.unknown", new("没有这个区级部门，或本镇街没有这个岗位。", "There is no such department of the district, or no such post of the town."), field);

    public static ProblemException OneMatterUnknown() => new(422, "one_matter.unknown", new("没有这个一件事模块。", "There is no such one-matter template."), "oneMatter");

    public static ProblemException CaseNotThere() => new(422, "case.other_unknown", new("没有所指的案件，或您无权查看。", "There is no such case, or not for you."), "caseId");
}
