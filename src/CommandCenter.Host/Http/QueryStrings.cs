namespace CommandCenter.Host.Http;

/// <summary>A query is read as strictly as a body: a filter that was misspelt must not look as if it had filtered.</summary>
public static class QueryStrings
{
    /// <param name="options">The parameters that the route knows.</param>
    /// <param name="waits">Whether it knows minPosition too.</param>
    /// <exception cref="ProblemException">An unknown parameter, one given twice, or a forbidden character.</exception>
    public static void Check(IQueryCollection query, IReadOnlyList<QueryOption> options, bool waits)
    {
        foreach (var (name, values) in query)
        {
            if (!options.Any(option => option.Name == name) && !(waits && name == "minPosition"))
                throw Problems.Malformed($"There is no parameter '{name}'.", name);
            if (values.Count > 1)
                throw Problems.Malformed("The parameter was given twice.", name);
            if (values.ToString().Any(char.IsControl))
                throw Problems.ForbiddenCharacter(name);
        }
    }

    /// <summary>A flag; null when it was not given.</summary>
    /// <exception cref="ProblemException">Neither true nor false.</exception>
    public static bool? Flag(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => null,
        "true" => true,
        "false" => false,
        _ => throw Problems.Malformed("true or false.", name),
    };
}
