using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Health;

/// <summary><c>GET /health/live</c>: the process answers.</summary>
public sealed class Live
{
    [Function(nameof(Live))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/live")] HttpRequest request) =>
        TypedResults.Ok(new Readiness("healthy", new Dictionary<string, string>()));
}
