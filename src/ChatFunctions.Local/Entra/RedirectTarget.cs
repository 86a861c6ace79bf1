using Microsoft.AspNetCore.WebUtilities;

namespace ChatFunctions.Local.Entra;

/// <summary>Where the answer to an authorization request goes, and how.</summary>
internal sealed record RedirectTarget(string Address, bool InFragment, string? State)
{
    /// <returns>Null if no answer may leave by a redirect: the client is unknown, or its address not on this machine.</returns>
    public static RedirectTarget? Parse(IQueryCollection query)
    {
        var address = query["redirect_uri"].ToString();
        if (query["client_id"] != LocalTenant.WebClientId || !IsOnThisMachine(address)) return null;
        return new RedirectTarget(address, query["response_mode"] == "fragment", query["state"]);
    }

    /// <summary>An absolute http or https address on loopback, without a fragment.</summary>
    public static bool IsOnThisMachine(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", Host: "localhost" or "127.0.0.1" or "[::1]", Fragment: "" };

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
