using Microsoft.AspNetCore.WebUtilities;

namespace ChatFunctions.Local.Entra;

/// <summary>Where the answer to an authorization request goes, and how.</summary>
internal sealed record RedirectTarget(string Address, bool InFragment, string? State)
{
    /// <returns>Null if no answer may leave by a redirect: the client is unknown, or its address not on this machine.</returns>
    public static RedirectTarget? Parse(IQueryCollection query)
    {
        var address = query["redirect_uri"].ToString();
        if (query["client_id"] != LocalTenant.WebClientId || !LoopbackAddress.IsOnThisMachine(address)) return null;
        return new RedirectTarget(address, query["response_mode"] == "fragment", query["state"]);
    }

    public IResult Answer(Dictionary<string, string?> parameters)
    {
        if (State is not null) parameters["state"] = State;
        // As parsed, so that the browser goes where the check saw it go.
        var address = new Uri(Address).AbsoluteUri;
        return Results.Redirect(InFragment
            ? $"{address}#{QueryString.Create(parameters).Value![1..]}"
            : QueryHelpers.AddQueryString(address, parameters));
    }
}
