namespace CommandCenter.Host.Http;

/// <summary>An example for the API's document, as JSON text.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ExampleAttribute(string json) : Attribute
{
    public string Json { get; } = json;
}
