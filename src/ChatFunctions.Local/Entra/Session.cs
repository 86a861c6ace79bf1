namespace ChatFunctions.Local.Entra;

/// <summary>
/// Who is signed in, in a cookie of the browser. It is a plain name, not a secret: anybody here may sign in as anybody.
/// </summary>
internal static class Session
{
    private const string Cookie = "local-entra-user";

    public static void Start(HttpContext http, LocalUser user) =>
        http.Response.Cookies.Append(Cookie, user.DisplayName, Options());

    public static LocalUser? UserOf(HttpContext http) => LocalUser.Parse(http.Request.Cookies[Cookie]);

    public static void End(HttpContext http) => http.Response.Cookies.Delete(Cookie, Options());

    /// <summary>Lax lets it through in the hidden frame of a page on localhost: another port is the same site.</summary>
    private static CookieOptions Options() =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = $"/{LocalTenant.TenantId}" };
}
