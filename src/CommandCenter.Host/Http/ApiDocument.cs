using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CommandCenter.Domain.Organization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CommandCenter.Host.Http;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c> and a page to read it at <c>/swagger</c>.</summary>
public static class ApiDocument
{
    private const string KeyExample = "5f0c6f0e-report-1";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = type => type.Type == typeof(JsonObject) || type.Type == typeof(Stream) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Town command center",
                Version = "1",
                Description = "Reports, dispatches, deadlines and the live board of a town command center (镇街基层治理指挥中心). Conventions: ADR 0004.",
            };
            document.Servers = [];
            // What the framework calls every body that is a stream; ours say what they are.
            document.Components?.Schemas?.Remove(nameof(IFormFile));
            foreach (var schema in (document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>()).Values.OfType<OpenApiSchema>())
                WithoutNull(schema);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteFacts>().FirstOrDefault() is { } facts)
                Describe(operation, facts);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(Unit))
                AsText(schema, pattern: "^(post|department|village|grid):[0-9a-z-]+$");
            else if (type == typeof(AreaCode))
                AsText(schema, pattern: "^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15}|[0-9]{18})$");
            else if (type == typeof(DateTimeOffset))
                AsText(schema, format: "date-time");
            else if (type == typeof(JsonObject))
                schema.Type = JsonSchemaType.Object;
            else if (type.IsEnum)
                (schema.Type, schema.Enum) = (JsonSchemaType.String, Words(type));

            // A missing value is a missing member (ADR 0004), so what may be null is what may be missing.
            foreach (var member in context.JsonTypeInfo.Properties.Where(member => member.IsGetNullable))
                schema.Required?.Remove(member.Name);
            if (type.GetCustomAttribute<ExampleAttribute>() is { } example)
                schema.Examples = [JsonNode.Parse(example.Json)!];
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this WebApplication application)
    {
        application.MapOpenApi("/openapi/{documentName:regex(^v1$)}.json");
        application.UseSwaggerUI(ui =>
        {
            ui.SwaggerEndpoint("/openapi/v1.json", "Town command center");
            ui.RoutePrefix = "swagger";
        });
    }

    private static void Describe(OpenApiOperation operation, RouteFacts facts)
    {
        operation.Parameters ??= [];
        if (facts.NeedsActor)
        {
            operation.Parameters.Add(Header("X-Actor", "A person's id, or `resident`.", true, "grid-worker-03"));
            operation.Parameters.Add(Header("X-Role", "The role to act in, when the person has several.", false, "grid_worker"));
        }

        if (facts.NeedsKey)
            operation.Parameters.Add(Header("Idempotency-Key", "1–200 printable ASCII characters, chosen by the caller; a repeat gets the first answer.", true, KeyExample));
        if (facts.OnCase)
            operation.Parameters.Add(Header("If-Match", "The version that the caller saw, quoted; refused with 412 only if another person's event came after it.", false, "\"7\""));
        if (facts.WaitsForPosition)
            operation.Parameters.Add(Query("minPosition", "Wait until the read side holds this position (at most 5 s)."));
        foreach (var option in facts.Options)
            operation.Parameters.Add(Query(option.Name, option.Description, option.Of, option.Required));

        AsBinary(operation.RequestBody?.Content);

        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse described || status[0] != '2')
                continue;
            AsBinary(described.Content);
            described.Headers ??= new Dictionary<string, IOpenApiHeader>();
            if (facts.NeedsKey || facts.WaitsForPosition)
                described.Headers["X-Position"] = ResponseHeader("epoch:position of the answer.");
            if (facts.Versioned)
                described.Headers["ETag"] = ResponseHeader("The case's version, quoted.");
            if (facts.NeedsKey)
                described.Headers["Idempotent-Replay"] = ResponseHeader("`true` when this is the first answer given again.");
        }
    }

    private static void AsBinary(IDictionary<string, OpenApiMediaType>? contents)
    {
        foreach (var (mediaType, content) in contents ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (mediaType == "application/octet-stream" || mediaType.StartsWith("image/", StringComparison.Ordinal))
                content.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        }
    }

    private static void AsText(OpenApiSchema schema, string? pattern = null, string? format = null)
    {
        schema.Type = JsonSchemaType.String;
        schema.Pattern = pattern;
        schema.Format = format;
        schema.Properties = null;
        schema.Required = null;
    }

    // null never stands in a request or an answer; a generator would make every reader ask for it.
    private static void WithoutNull(OpenApiSchema schema)
    {
        if (schema.Type is { } type && type != JsonSchemaType.Null)
            schema.Type = type & ~JsonSchemaType.Null;
        foreach (var (name, member) in schema.Properties?.ToList() ?? [])
        {
            if (member is not OpenApiSchema own)
                continue;
            if (own.OneOf is { Count: 2 } either && either.FirstOrDefault(one => one.Type != JsonSchemaType.Null) is { } other)
                schema.Properties![name] = other;
            else
                WithoutNull(own);
        }
    }

    private static OpenApiParameter Header(string name, string description, bool required, string example) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Required = required, Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = JsonValue.Create(example) };

    private static OpenApiParameter Query(string name, string description, Type? of = null, bool required = false) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Required = required, Schema = SchemaOf(of) };

    private static List<JsonNode> Words(Type enumeration) => [.. Enum.GetNames(enumeration).Select(name => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(name))];

    private static OpenApiSchema SchemaOf(Type? type) => type switch
    {
        { IsEnum: true } => new() { Type = JsonSchemaType.String, Enum = Words(type) },
        _ when type == typeof(bool) => new() { Type = JsonSchemaType.Boolean },
        _ when type == typeof(int) || type == typeof(long) => new() { Type = JsonSchemaType.Integer },
        _ when type == typeof(double) => new() { Type = JsonSchemaType.Number },
        _ when type == typeof(DateOnly) => new() { Type = JsonSchemaType.String, Format = "date" },
        _ => new() { Type = JsonSchemaType.String },
    };

    private static OpenApiHeader ResponseHeader(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
