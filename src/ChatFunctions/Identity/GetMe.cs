using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Identity;

/// <summary><c>GET /me</c>: no transaction, for all of it is in the access token.</summary>
public sealed class GetMe
{
    /// <param name="Id">The <see cref="Caller.UserId"/>, which is what members, makers of rooms and senders are told by.</param>
    /// <param name="Name">May be empty.</param>
    /// <param name="IsModerator">See <see cref="Caller.IsModerator"/>.</param>
    public sealed record Response(string Id, string Name, bool IsModerator);

    [Function(nameof(GetMe))]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "me")] HttpRequest request)
    {
        var caller = Caller.Of(request);
        return TypedResults.Ok(new Response(caller.UserId, caller.Name, caller.IsModerator));
    }
}
