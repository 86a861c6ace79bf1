using System.Globalization;
using ChatFunctions.Errors;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Http;

/// <summary>The version of something as its <c>ETag</c>, and in <c>If-Match</c> (RFC 9110).</summary>
public static class VersionETag
{
    public static void Write(HttpRequest request, int version) =>
        request.HttpContext.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <returns>The version that a change is for; null where it is for any.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.Invalid"/>.</exception>
    public static int? Read(HttpRequest request)
    {
        var sent = request.Headers.IfMatch;
        if (sent.Count == 0 || sent == "*") return null;
        return int.TryParse(sent.ToString().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ChatException.Invalid("If-Match", "must be an ETag that this gave");
    }
}
