using System.Globalization;

namespace CommandCenter.Host.Composition;

/// <summary>
/// The number people say on the phone: day of the report and the case's ordinal in its town on that day, <c>20261121-0007</c>. A pure function of the
/// log in position order, so that every node and every rebuild gives the same.
/// </summary>
public static class CaseNumbers
{
    public static string Of(DateOnly day, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}-{ordinal:0000}");
}
