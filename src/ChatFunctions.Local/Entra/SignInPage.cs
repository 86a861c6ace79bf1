using System.Text.Encodings.Web;

namespace ChatFunctions.Local.Entra;

/// <summary>What people see of the issuer. Plain HTML without scripts.</summary>
internal sealed class SignInPage : IResult
{
    /// <summary>The form's one field.</summary>
    public const string NameField = "username";

    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --ground: #eef1f6; --line: #7b8494;
                --accent: #0b5cad; --on-accent: #fff }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e8eaee; --paper: #20242b; --ground: #14171c; --line: #7f8896;
                  --accent: #7cb7f5; --on-accent: #10141a }
        }
        * { box-sizing: border-box }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
               font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground) }
        main { width: min(24rem, 100%); padding: 2rem; border-radius: .75rem; background: var(--paper);
               box-shadow: 0 1px 12px #0002 }
        h1 { margin: 0; font-size: 1.5rem }
        form { display: grid; gap: .625rem; margin-top: 1.25rem }
        button, input { font: inherit; min-height: 2.75rem; padding: 0 1rem; border: 1px solid var(--line); border-radius: .5rem;
                        color: inherit; background: transparent }
        button { cursor: pointer; text-align: start }
        button:hover { border-color: var(--accent) }
        button.main { border-color: var(--accent); color: var(--on-accent); background: var(--accent);
                      text-align: center; font-weight: 600 }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
        .note { margin: 1.5rem 0 0; font-size: .875rem; opacity: .8 }
        """;

    private readonly int status;
    private readonly string title;
    private readonly string content;

    private SignInPage(int status, string title, string content) =>
        (this.status, this.title, this.content) = (status, title, content);

    /// <param name="request">The authorization request, which the form sends again.</param>
    /// <param name="suggestion">Stands in the field.</param>
    /// <param name="problem">What was wrong with the name given before.</param>
    public static SignInPage Ask(QueryString request, string? suggestion, string? problem = null) => new(
        problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        "Sign in",
        $"""
        <form method="post" action="{Encode(request.Value)}" aria-label="Sign in as one of these">
          <button name="{NameField}" value="alice">Alice</button>
          <button name="{NameField}" value="bob">Bob</button>
          <button name="{NameField}" value="carol">Carol</button>
          <button name="{NameField}" value="mod">Mod, a moderator</button>
        </form>
        <form method="post" action="{Encode(request.Value)}">
          <label for="name">Or with any other name</label>
          <input id="name" name="{NameField}" value="{Encode(suggestion)}" required maxlength="64" autocomplete="username">
          {(problem is null ? "" : $"""<p role="alert">{Encode(problem)}</p>""")}
          <button class="main">Sign in</button>
        </form>
        """);

    /// <summary>A request that cannot be answered by going back to the client.</summary>
    public static SignInPage Refuse(string reason) =>
        new(StatusCodes.Status400BadRequest, "This does not work", $"<p>{Encode(reason)}</p>");

    public static SignInPage SignedOut() => new(StatusCodes.Status200OK, "You are signed out", "<p>You can close this page.</p>");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
        return response.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title} · local</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <main>
            <h1>{title}</h1>
            {content}
            <p class="note">This stands in for Microsoft Entra ID on this machine. There are no passwords.</p>
            </main>
            </body>
            </html>
            """,
            httpContext.RequestAborted);
    }

    private static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");
}
