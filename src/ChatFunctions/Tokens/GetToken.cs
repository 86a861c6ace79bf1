using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Tokens;

/// <summary><c>GET /token</c>: a token for the topics of all public rooms.</summary>
public sealed class GetToken(TokenVendor vendor)
{
    [Function(nameof(GetToken))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "token")] HttpRequest request)
    {
        var http = request.HttpContext;
        var token = await vendor.VendAsync(Caller.Of(request), Room.PublicTopics, http.RequestAborted);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(token);
    }
}
