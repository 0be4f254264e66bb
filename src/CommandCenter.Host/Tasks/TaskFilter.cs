using System.Globalization;
using System.Text;
using CommandCenter.Domain.Access;
using CommandCenter.Domain.Organization;
using CommandCenter.Host.Composition;
using CommandCenter.Host.Http;
using Npgsql;
using NpgsqlTypes;

namespace CommandCenter.Host.Tasks;

/// <summary>A where clause over the tables of tasks, its values always as parameters.</summary>
internal sealed class TaskFilter
{
    private readonly StringBuilder _sql = new();

    public List<NpgsqlParameter> Parameters { get; } = [];

    public string Sql => _sql.ToString();

    public void And(string condition) => _sql.Append(_sql.Length == 0 ? "where " : " and ").Append(condition);

    public string Add(object value, NpgsqlDbType type)
    {
        Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return string.Create(CultureInfo.InvariantCulture, $"${Parameters.Count}");
    }

    public void Equal(string column, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            And($"{column} = {Add(value, NpgsqlDbType.Text)}");
    }

    public void OneOf(string column, IEnumerable<string> values)
    {
        var list = values.ToArray();
        if (list.Length > 0)
            And($"{column} = any({Add(list, NpgsqlDbType.Array | NpgsqlDbType.Text)})");
    }

    /// <summary>A range on the "C" collation: every code that begins with the scope's, by the index.</summary>
    public string Inside(string column, AreaCode scope) => $"{column} >= {Add(scope.Value, NpgsqlDbType.Text)} and {column} < {Add(scope.Value + ":", NpgsqlDbType.Text)}";

    /// <summary>Where one of the callers sits at the issuing desk, as <see cref="TaskAccess.Issues"/> says.</summary>
    public string Issued(string table, IReadOnlyList<Caller> callers)
    {
        var desks = callers.Select(caller => caller.Seat.Role switch
        {
            Role.DistrictSupervisor => Inside($"{table}.issuer_place", caller.Seat.Place),
            Role.Office or Role.TownLeader or Role.Dispatcher => $"{table}.issuer_place = {Add(caller.Seat.Place.Value, NpgsqlDbType.Text)}",
            Role.Department => $"{table}.issuer_place = {Add(caller.Seat.Place.Value, NpgsqlDbType.Text)} and case when {table}.department is null then {table}.issuer_role = 'department' and {table}.issuer = {Add(caller.Actor, NpgsqlDbType.Text)} else {table}.department = {Add(caller.Seat.Department ?? "", NpgsqlDbType.Text)} end",
            _ => null,
        }).OfType<string>().ToList();
        return desks.Count == 0 ? throw Problems.NotAllowed() : $"({string.Join(" or ", desks.Select(desk => $"({desk})"))})";
    }

    public static string? Enumeration<T>(IQueryCollection query, string name)
        where T : struct, Enum => query[name].ToString() is { Length: > 0 } text ? Named<T>(text, name) : null;

    public static IEnumerable<string> Enumerations<T>(IQueryCollection query, string name)
        where T : struct, Enum => query[name].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(text => Named<T>(text, name));

    /// <summary>The area that a query asks about; by default the caller's place.</summary>
    /// <exception cref="ProblemException">It is not an area code.</exception>
    public static AreaCode Scope(IQueryCollection query, AreaCode own) => query["scope"].ToString() switch
    {
        "" => own,
        var text when AreaCode.TryParse(text, out var code) => code,
        _ => throw Problems.Malformed("The value cannot be read.", "scope"),
    };

    public static int Limit(IQueryCollection query) => query["limit"].ToString() switch
    {
        "" => 50,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= 200 => limit,
        _ => throw Problems.OutOfRange("limit", "1–200"),
    };

    /// <summary>The cursor of a list that is ordered by position, newest first.</summary>
    /// <exception cref="ProblemException">It is not one of ours.</exception>
    public void Before(string column, string cursor)
    {
        if (cursor.Length == 0)
            return;
        if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            throw Problems.Malformed("The cursor is not one of this list's.", "cursor");
        And($"{column} < {Add(position, NpgsqlDbType.Bigint)}");
    }

    private static string Named<T>(string text, string name)
        where T : struct, Enum =>
        Names.TryParse<T>(text, out _) ? text : throw Problems.Malformed($"'{text}' is not one of {string.Join(", ", Enum.GetValues<T>().Select(Names.Of))}.", name);
}
