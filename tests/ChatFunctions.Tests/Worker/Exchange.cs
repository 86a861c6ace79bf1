using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ChatFunctions.Tests.Worker;

/// <summary>
/// A request of the conformance suite. In <paramref name="Path"/>, <paramref name="Body"/> and <paramref name="Headers"/> stands
/// <c>{name}</c> for what a <see cref="ConformanceWorld"/> knows by that name; each backslash escape of C# in the body is a byte.
/// </summary>
/// <param name="Method">Also one that HTTP does not know.</param>
/// <param name="Path">As it goes onto the wire, with its query.</param>
/// <param name="User">Who asks; null for nobody.</param>
/// <param name="Body">Each character a byte, or null for none.</param>
/// <param name="Type">The header Content-Type of the body, or null for none.</param>
/// <param name="Headers">More header lines.</param>
/// <param name="Keep">A field of the answer's body, which later requests know by that name.</param>
public sealed partial record Exchange(
    string Method, string Path, string? User = "alice", string? Body = null, string? Type = "application/json", string Headers = "",
    string? Keep = null)
{
    /// <summary>Everything, from the request line on.</summary>
    public byte[] ToBytes(ConformanceWorld world, string traceParent)
    {
        var body = Encoding.Latin1.GetBytes(world.Fill(Body ?? ""));
        var request = new StringBuilder($"{Method} /{world.Fill(Path)} HTTP/1.1\r\nHost: localhost\r\n");
        if (!Headers.StartsWith("traceparent", StringComparison.Ordinal)) request.Append(CultureInfo.InvariantCulture, $"traceparent: {traceParent}\r\n");
        if (User is not null) request.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {world.TokenOf(User)}\r\n");
        if (Body is not null && Type is not null) request.Append(CultureInfo.InvariantCulture, $"Content-Type: {Type}\r\n");
        var isChunked = Headers.Contains("chunked", StringComparison.Ordinal);
        if (Body is not null && !isChunked) request.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        if (Headers.Length > 0) request.Append(world.Fill(Headers)).Append("\r\n");
        request.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(request.ToString()), .. isChunked ? Chunked(body) : body];
    }

    public override string ToString() => $"{Method} /{Path} {User ?? "nobody"} {Type} {Headers} {Visible().Replace(Body ?? "", "?")}";

    private static byte[] Chunked(byte[] body) =>
        [.. Encoding.Latin1.GetBytes($"{body.Length:x}\r\n"), .. body, .. body.Length > 0 ? "\r\n0\r\n\r\n"u8 : "\r\n"u8];

    [GeneratedRegex("[^ -~]|(?<=.{60}).+")]
    private static partial Regex Visible();
}
