namespace ChatFunctions.Local.Entra;

/// <summary>OpenID Connect RP-Initiated Logout 1.0.</summary>
internal static class LogoutEndpoint
{
    public static IResult Get(HttpContext http)
    {
        Session.End(http);
        var address = http.Request.Query["post_logout_redirect_uri"].ToString();
        if (address.Length == 0) return SignInPage.SignedOut();
        return LoopbackAddress.IsOnThisMachine(address)
            ? new RedirectTarget(address, InFragment: false, http.Request.Query["state"]).Answer([])
            : SignInPage.Refuse("You are signed out. The page to go to next is not on this machine.");
    }
}
