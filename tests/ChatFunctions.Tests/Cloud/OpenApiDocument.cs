using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace ChatFunctions.Tests.Cloud;

/// <summary>The app's openapi.json, with every <c>$ref</c> replaced by what it names.</summary>
public sealed class OpenApiDocument
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private readonly JsonNode root;
    private readonly Lazy<Task<JsonSchema>> eventSchema;
    private readonly List<Operation> operations;

    private OpenApiDocument(JsonNode document)
    {
        root = document;
        eventSchema = new(() => JsonSchema.FromJsonAsync(Resolve(Follow("#/components/schemas/Event")).ToJsonString()));
        operations =
        [
            .. from path in root["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               where Methods.Contains(operation.Key)
               select new Operation(operation.Key.ToUpperInvariant(), path.Key, Resolve(operation.Value!).AsObject()),
        ];
    }

    public static OpenApiDocument Current { get; } = Load();

    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>The statuses with which the server refuses, without a body, what never reaches an operation.</summary>
    public IReadOnlyList<int> ServerRefusals => [.. root["x-server-refusals"]!["statuses"]!.AsArray().Select(status => status!.GetValue<int>())];

    public Operation? Find(HttpMethod method, string path) => operations.Find(operation => operation.Matches(method, path));

    /// <summary>Fails where what was published on an events topic is not as the schema <c>Event</c> says.</summary>
    public async Task CheckEventAsync(string json) => Assert.Empty((await eventSchema.Value).Validate(json).Select(error => $"{error} in {json}"));

    private static OpenApiDocument Load()
    {
        using var stream = typeof(ChatServices).Assembly.GetManifestResourceStream("openapi.json")!;
        return new OpenApiDocument(JsonNode.Parse(stream)!);
    }

    private JsonNode Resolve(JsonNode node) => node switch
    {
        JsonObject { Count: 1 } reference when reference["$ref"] is { } target => Resolve(Follow(target.GetValue<string>())),
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)Resolve(field.Value!)))),
        JsonArray items => new JsonArray([.. items.Select(item => Resolve(item!))]),
        _ => node.DeepClone(),
    };

    private JsonNode Follow(string pointer) => pointer.TrimStart('#', '/').Split('/').Aggregate(root, (node, name) => node[name]!);

    /// <summary>What one method on one path may answer.</summary>
    public sealed class Operation(string method, string path, JsonObject description)
    {
        private readonly ConcurrentDictionary<JsonObject, Task<JsonSchema>> schemas = new();
        private readonly Regex pattern = new($"^{Regex.Replace(path, @"\{\w+\}", "[^/]+")}$");

        public string Method => method;
        public string Path => path;
        public JsonObject Description => description;

        /// <summary>The function's name. An operation's id is another for HEAD, since it must be unique.</summary>
        public string Function { get; } = description["operationId"]!.GetValue<string>()[..^(method == "HEAD" ? "Head".Length : 0)];

        public bool IsAnonymous => description["security"] is JsonArray { Count: 0 };

        public bool Matches(HttpMethod asked, string askedPath) => asked.Method == method && pattern.IsMatch(askedPath);

        /// <returns>In what the answer differs from the description; empty when in nothing.</returns>
        public async Task<List<string>> CheckAsync(HttpResponseMessage answer)
        {
            if (description["responses"]![$"{(int)answer.StatusCode}"] is not JsonObject response) return ["the status is not described"];
            var body = await answer.Content.ReadAsStringAsync();
            if (response["content"] is not JsonObject content) return body == "" ? [] : ["a body is not described"];
            if (body == "") return ["the body is missing"];
            if (content[answer.Content.Headers.ContentType?.MediaType ?? ""] is not JsonObject media) return ["the content type is not described"];
            var schema = await schemas.GetOrAdd(media, each => JsonSchema.FromJsonAsync(each["schema"]!.ToJsonString()));
            return
            [
                .. schema.Validate(body).Select(error => error.ToString()),
                .. Headers(response).Where(name => !answer.Headers.Contains(name)).Select(name => $"the header {name} is missing"),
            ];
        }

        /// <summary>Those described without being optional.</summary>
        private static IEnumerable<string> Headers(JsonObject response) => response["headers"] is JsonObject headers
            ? headers.Where(header => header.Value!["required"]?.GetValue<bool>() != false).Select(header => header.Key)
            : [];
    }
}
