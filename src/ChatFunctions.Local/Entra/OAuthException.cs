namespace ChatFunctions.Local.Entra;

/// <summary>A request that OAuth 2.0 refuses.</summary>
/// <param name="error">One of the codes of RFC 6749 and OpenID Connect Core.</param>
/// <param name="description">For the developer.</param>
internal sealed class OAuthException(string error, string description) : Exception(description)
{
    public string Error => error;
}
