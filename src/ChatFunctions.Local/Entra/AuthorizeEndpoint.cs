namespace ChatFunctions.Local.Entra;

/// <summary>A code to be redeemed once, by whoever knows the verifier, for the same redirect address.</summary>
internal sealed record AuthorizationCode(
    LocalUser User, IReadOnlyList<string> Scopes, string RedirectUri, string CodeChallenge, string? Nonce);

/// <summary>
/// Signs users in and sends them back with a code, as
/// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow describes.
/// </summary>
internal sealed class AuthorizeEndpoint(OneTimeSecrets<AuthorizationCode> codes, TimeProvider time)
{
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromSeconds(60);

    /// <summary>Continues with who is signed in, or shows the sign-in page.</summary>
    public IResult Get(HttpContext http) => Answer(http, (asked, target) =>
    {
        var user = asked.Prompt is null or "none" ? SignedInUser(http, asked.LoginHint) : null;
        if (user is not null) return Continue(user, asked, target);
        if (asked.Prompt == "none") throw new OAuthException("login_required", "Nobody is signed in, or somebody else.");
        return SignInPage.Ask(http.Request.QueryString, asked.LoginHint);
    });

    /// <summary>The sign-in page's form, sent to the address that showed it, which is checked again.</summary>
    public async Task<IResult> PostAsync(HttpRequest request)
    {
        var form = request.HasFormContentType
            ? await request.ReadFormAsync(request.HttpContext.RequestAborted)
            : FormCollection.Empty;
        return Answer(request.HttpContext, (asked, target) =>
        {
            if (LocalUser.Parse(form[SignInPage.NameField]) is not { } user)
            {
                return SignInPage.Ask(request.QueryString, asked.LoginHint, "A name has 1 to 64 characters.");
            }

            Session.Start(request.HttpContext, user);
            return Continue(user, asked, target);
        });
    }

    private static IResult Answer(HttpContext http, Func<AuthorizationRequest, RedirectTarget, IResult> answer)
    {
        if (RedirectTarget.Parse(http.Request.Query) is not { } target)
        {
            return SignInPage.Refuse($"The client must be {LocalTenant.WebClientId}, its redirect address on this machine.");
        }

        try
        {
            return answer(AuthorizationRequest.Parse(http.Request.Query), target);
        }
        catch (OAuthException error)
        {
            return target.Answer(new() { ["error"] = error.Error, ["error_description"] = error.Message });
        }
    }

    /// <summary>A client that names a user does not want another one, even if that one is signed in.</summary>
    private static LocalUser? SignedInUser(HttpContext http, string? hint) =>
        Session.UserOf(http) is { } user && (hint is null || LocalUser.Parse(hint)?.ObjectId == user.ObjectId) ? user : null;

    private IResult Continue(LocalUser user, AuthorizationRequest asked, RedirectTarget target)
    {
        var code = new AuthorizationCode(user, asked.Scopes, target.Address, asked.CodeChallenge, asked.Nonce);
        return target.Answer(new() { ["code"] = codes.Add(code, time.GetUtcNow() + CodeLifetime) });
    }
}
