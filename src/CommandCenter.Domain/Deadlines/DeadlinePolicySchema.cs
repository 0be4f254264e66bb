using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using CommandCenter.Domain.Formats;

namespace CommandCenter.Domain.Deadlines;

/// <summary>The published JSON schema of a deadline policy, for editors and other programs: what the reader takes, but for the rules that a schema cannot say.</summary>
public static class DeadlinePolicySchema
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text()
    {
        var schema = DomainJson.Options.GetJsonSchemaAsNode(typeof(DeadlinePolicy), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Named }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Deadline policy");
        return schema.ToJsonString(Written) + "\n";
    }

    // Enumerations are written by converters of ours, of which the exporter knows nothing.
    private static JsonNode Named(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        return type.IsEnum
            ? new JsonObject { ["enum"] = new JsonArray([.. Enum.GetValuesAsUnderlyingType(type).Cast<int>().Select(value => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(Enum.GetName(type, value)!))]) }
            : schema;
    }
}
