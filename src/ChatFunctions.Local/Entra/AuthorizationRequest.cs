using System.Buffers.Text;

namespace ChatFunctions.Local.Entra;

/// <summary>What a client asks for when it sends a user to sign in: the authorization code flow with PKCE (RFC 7636).</summary>
internal sealed record AuthorizationRequest(
    IReadOnlyList<string> Scopes, string CodeChallenge, string? Nonce, string? Prompt, string? LoginHint)
{
    private const int ChallengeBytes = 32;

    /// <exception cref="OAuthException">Something is missing or not supported.</exception>
    public static AuthorizationRequest Parse(IQueryCollection query)
    {
        if (query["response_type"] != "code")
        {
            throw new OAuthException("unsupported_response_type", "The parameter 'response_type' must be 'code'.");
        }

        if (query["response_mode"].ToString() is not ("" or "query" or "fragment"))
        {
            throw new OAuthException("invalid_request", "The parameter 'response_mode' must be 'query' or 'fragment'.");
        }

        var challenge = query["code_challenge"].ToString();
        if (query["code_challenge_method"] != "S256" || !Base64Url.IsValid(challenge, out var length) || length != ChallengeBytes)
        {
            throw new OAuthException("invalid_request", "PKCE is required: 'code_challenge', and 'code_challenge_method' S256.");
        }

        var scopes = Entra.Scopes.Parse(query["scope"]);
        return new AuthorizationRequest(scopes, challenge, query["nonce"], query["prompt"], query["login_hint"]);
    }
}
