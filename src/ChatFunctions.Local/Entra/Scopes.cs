namespace ChatFunctions.Local.Entra;

/// <summary>The scopes that a client may ask for: the API's, and those of OpenID Connect.</summary>
internal static class Scopes
{
    public const string OpenId = "openid";
    public const string Profile = "profile";
    public const string Email = "email";
    public const string OfflineAccess = "offline_access";

    public static readonly IReadOnlyList<string> All = [OpenId, Profile, Email, OfflineAccess, LocalTenant.FullScope];

    /// <param name="text">Scopes with spaces between them.</param>
    /// <exception cref="OAuthException">There is none, or an unknown one.</exception>
    public static IReadOnlyList<string> Parse(string? text)
    {
        var scopes = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        if (scopes.Length == 0) throw new OAuthException("invalid_request", "The parameter 'scope' is missing.");
        if (scopes.Except(All).FirstOrDefault() is { } unknown)
        {
            throw new OAuthException("invalid_scope", $"The scope '{unknown}' does not exist. There are: {string.Join(' ', All)}.");
        }

        return scopes;
    }
}
