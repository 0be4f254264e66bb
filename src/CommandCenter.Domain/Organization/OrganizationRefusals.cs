namespace CommandCenter.Domain.Organization;

/// <summary>Why a change of the organization is refused: the frozen codes with their words.</summary>
public static class OrganizationRefusals
{
    private static readonly string[] Possible = ["appoint", "relieve", "move", "register", "dismiss", "rename", "close-unit", "redraw"];

    private static readonly Dictionary<string, Message> Words = new(StringComparer.Ordinal)
    {
        ["organization.outside"] = new("不在您的管辖范围内；请由区级管理员办理。", "This lies outside of your place; an administrator of the district has to do it."),
        ["organization.day_passed"] = new("生效日期已过；请从今天或以后的日期起办理，补录历史请用导入。", "The day has gone; let it begin today or later. What was before is imported."),
        ["organization.planned_later"] = new("以后的日期已另有安排；请先导入调整后的名单，再作变更。", "Something else is planned for a later day already; import the files that say what shall hold then."),
        ["organization.person_unknown"] = new("当日没有这个人员；请先登记。", "There is no such person on that day; register them first."),
        ["organization.id_taken"] = new("该编号曾属于另一名已离任人员，其通知和记录仍归原人；请使用新编号。", "The id belonged to somebody else who left, and whose notices and acts stay with it; give a new one."),
        ["organization.area_unknown"] = new("当日没有这个区域；请核对代码。", "There is no such area on that day; look up its code."),
        ["organization.unit_unknown"] = new("当日没有这个岗位或部门；请核对代码和镇街。", "There is no such post or department on that day; look up its code, and for a post its town."),
        ["organization.seat_unknown"] = new("没有这样的席位：请按角色填写层级相符的区域、板块、岗位或部门。", "There is no such seat: give the area of the role's tier, and the sector, post or department that belongs to the role."),
        ["organization.seat_held"] = new("此人该段时间已在这个席位上；请选择其他日期，或先免职。", "The person has this seat at that time already; choose other days, or relieve them first."),
        ["organization.yard_seat_taken"] = new("小院只有一名院长，三员各一名，该席位已有人；请先免去现任。", "A yard has one head and one person in each seat of its staff, and this seat has one; relieve them first."),
        ["organization.seat_not_held"] = new("此人当日不在这个席位上；请核对席位和日期。", "The person does not hold this seat on that day; look up the seat and the day."),
        ["organization.until_before"] = new("任期止早于任期始；请更正日期。", "The last day lies before the first; correct one of them."),
        ["organization.no_supervisor"] = new("区级督办将无人担任，逾期事项无处升级；请先任命他人。", "The district would have no supervisor, with whom every escalation ends; appoint another first."),
        ["organization.work_open"] = new("仍有未办结的工作；请先办结或改派，或指定承接单位。", "Work is open with it; close or move it, or name who goes on with it."),
        ["organization.still_named"] = new("事项目录、一件事模块、点位或承接关系仍指向它；请导入调整后的文件。", "Categories, one-matter templates, spots or successions name it; import the files that do so no more."),
        ["organization.successor_unknown"] = new("承接单位应为同一镇街（或区）现有的同类单位；请另行指定。", "It is succeeded by a unit of its own kind that is there, for a post in the same town; name such a one."),
        ["organization.import_instead"] = new("村社、网格的撤销涉及其下全部小院和人员；请用导入办理。", "Villages and grids end with all yards and seats that lie in them; import the files without them."),
    };

    /// <summary>All codes with their words, for the documentation.</summary>
    public static IReadOnlyDictionary<string, Message> All => Words;

    /// <exception cref="KeyNotFoundException">The code is not in the list.</exception>
    public static Refusal Of(string code, IReadOnlyList<RefusalLine>? lines = null) => new(code, Words[code], Possible, lines);
}
