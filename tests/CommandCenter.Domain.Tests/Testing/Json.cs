using System.Text.Json;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Tests;

/// <summary>Values as the JSON in which they are stored: records that hold lists are compared by it.</summary>
public static class Json
{
    public static string Of(object value) => JsonSerializer.Serialize(value, value.GetType(), DomainJson.Options);

    /// <summary>The value's type and JSON.</summary>
    public static string Named(object value) => $"{value.GetType().Name} {Of(value)}";

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, DomainJson.Options)!;

    public static object Read(string json, Type type) => JsonSerializer.Deserialize(json, type, DomainJson.Options)!;

    /// <summary>A state with everything that it holds; dictionaries are spelled out.</summary>
    public static string Of(Domain.Cases.Case state) => state is Domain.Cases.Case.Known known
        ? $"{state.Stage} {Of((object)known.File)}"
        : "Unreported";
}
