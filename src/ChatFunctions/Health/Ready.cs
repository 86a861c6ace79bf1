using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Health;

/// <summary><c>GET /health/ready</c>: Table Storage answers, and there is a Momento API key.</summary>
public sealed class Ready(ReadinessProbe probe)
{
    [Function(nameof(Ready))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequest request)
    {
        var readiness = await probe.GetAsync(request.HttpContext.RequestAborted);
        return readiness.Status == Readiness.Of(true)
            ? TypedResults.Ok(readiness)
            : TypedResults.Json(readiness, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
