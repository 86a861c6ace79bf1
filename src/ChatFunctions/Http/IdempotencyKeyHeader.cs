using System.Text.RegularExpressions;
using ChatFunctions.Errors;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Http;

/// <summary>
/// The header <c>Idempotency-Key</c>: a string of structured fields (RFC 9651), in double quotes. Many clients leave the quotes out, so
/// that a value without them, or white space, is good too.
/// </summary>
public static partial class IdempotencyKeyHeader
{
    private const string Name = "Idempotency-Key";
    private const int MaxLength = 255;

    /// <returns>Null where the client sent none.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.Invalid"/>.</exception>
    public static string? Read(HttpRequest request)
    {
        var sent = request.Headers[Name];
        if (sent.Count == 0) return null;
        var value = sent.Count == 1 ? sent[0]!.Trim() : "";
        var key = Quoted().IsMatch(value) ? Escaped().Replace(value[1..^1], "$1") : Bare().IsMatch(value) ? value : "";
        if (key.Length is >= 1 and <= MaxLength) return key;
        throw ChatException.Invalid(Name, $"must be one string of 1 to {MaxLength} printable ASCII characters, in double quotes");
    }

    [GeneratedRegex("""^"(?:[ -~-["\\]]|\\["\\])*"\z""")]
    private static partial Regex Quoted();

    [GeneratedRegex("""^[!-~-["\\,;]]+\z""")]
    private static partial Regex Bare();

    [GeneratedRegex("""\\(["\\])""")]
    private static partial Regex Escaped();
}
