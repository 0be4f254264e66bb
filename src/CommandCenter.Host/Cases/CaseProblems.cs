using CommandCenter.Domain.Cases;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Http;

namespace CommandCenter.Host.Cases;

/// <summary>What can be wrong with a request about a case before anything is decided.</summary>
internal static class CaseProblems
{
    public static ProblemException CategoryUnknown() => new(422, "category.unknown", new("没有这个事项类别。", "There is no such category."), "category");

    public static ProblemException AreaUnknown() => new(422, "area.unknown", new("没有这个网格或小院。", "There is no such grid or yard."), "area");

    public static ProblemException OutsideDistrict() =>
        new(422, "place.outside_district", new("位置不在本辖区任何网格内。", "The point lies in no grid of this district."), "point");

    public static ProblemException UnitUnknown() =>
        new(422, "unit.unknown", new("没有这个岗位、部门、村(社区)或网格。", "There is no such post, department, village or grid for this case."), "unit");

    public static ProblemException PersonNotThere(string field = "person") =>
        new(422, "person.not_there", new("此人不在该单位或该地。", "This person is not of that unit or place."), field);

    /// <param name="posts">Those of the case's town.</param>
    public static ProblemException NoEnforcementPost(IReadOnlyList<Post> posts) => new(
        422,
        "post.not_enforcement",
        posts.Count == 0
            ? new("本镇街没有设执法岗位；请退回，由指挥中心改派区级部门。", "The town has no law-enforcement post; return it, so that the center sends it to a department of the district.")
            : new($"这不是本镇街的执法岗位；可移交：{string.Join("、", posts.Select(post => $"{post.Name}（{post.Code}）"))}。",
                $"This is no law-enforcement post of the town; it can go to {string.Join(", ", posts.Select(post => $"{post.NameEn} ({post.Code})"))}."),
        "post");

    /// <param name="main">The number of the case that it goes on in, where it was merged.</param>
    public static ProblemException OtherEnded(string field, string? main) => new(
        409,
        "case.other_ended",
        main is null
            ? new("所指的另一案件已结束，请选在办案件。", "The other case has ended; choose one that is being worked on.")
            : new($"所指的另一案件已并入 {main}，请选 {main}。", $"The other case was merged into {main}; choose {main}."),
        field);

    /// <param name="roles">Who may do it with the other case.</param>
    public static ProblemException OtherNotYours(string field, IReadOnlyList<Role> roles)
    {
        var (zh, en) = RoleNames.Listed(roles);
        return new(
            403,
            "case.other_not_yours",
            roles.Count == 0
                ? new("所指的另一案件不归您的岗位办理。", "The other case is not for your seat.")
                : new($"所指的另一案件不归您的岗位办理；可由以下岗位进行：{zh}。", $"The other case is not for your seat; with it this is for: {en}."),
            field);
    }

    /// <param name="allowed">The sources that the caller may write down.</param>
    public static ProblemException SourceNotYours(IReadOnlyList<CaseSource> allowed) => new(
        422,
        "source.not_yours",
        new($"您的岗位不能登记这种来源；可以登记：{string.Join("、", allowed.Select(source => SourceNames.Of(source).Zh))}。",
            $"Reports of this source are not yours to write down; yours are: {string.Join(", ", allowed.Select(source => SourceNames.Of(source).En))}."),
        "source");

    public static ProblemException WallElsewhere() =>
        new(422, "wall.elsewhere", new("这块大屏的范围不含该案件；请写明所在大屏的区域，或留空。", "The wall's scope does not hold this case; name the area whose wall it is, or leave it out."), "wall");

    public static ProblemException SpotUnknown() => new(
        422, "spot.unknown", new("没有这个点位；请核对二维码下的编号，或按普通上报写明位置和情况。", "There is no such spot; check the code under the picture, or report it as usual with the place and what is wrong."), "spot");

    /// <param name="ended">The first day without it.</param>
    public static ProblemException SpotFormer(Spot spot, DateOnly ended) => new(
        422,
        "spot.former",
        new(FormattableString.Invariant($"点位“{spot.Name}”已于 {ended:yyyy-MM-dd} 撤销；请扫描现场的新二维码，或按普通上报写明位置和情况。"),
            FormattableString.Invariant($"The spot '{spot.NameEn}' is none since {ended:yyyy-MM-dd}; scan the new plate on the spot, or report it as usual with the place and what is wrong.")),
        "spot");

    public static ProblemException SpotSays(string field) =>
        new(422, "spot.says_it", new("地点、事项和编号以点位为准，请不要另填。", "Place, matter and reference are the spot's; leave them out."), field);

    public static ProblemException CaseNotThere(string field) =>
        new(422, "case.other_unknown", new("没有所指的另一案件。", "There is no such other case."), field);
}
