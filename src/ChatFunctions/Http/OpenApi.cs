using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Http;

/// <summary><c>GET /openapi.json</c>: the API's description, openapi.json beside Program.cs.</summary>
public sealed class OpenApi
{
    [Function(nameof(OpenApi))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) =>
        TypedResults.Stream(typeof(OpenApi).Assembly.GetManifestResourceStream("openapi.json")!, "application/json");
}
