using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ChatFunctions.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ChatFunctions.Identity;

/// <summary>The signed-in user who makes a request.</summary>
/// <param name="TenantId">The claim <c>tid</c>.</param>
/// <param name="ObjectId">The claim <c>oid</c>: the same for every client and for ever, unlike <c>sub</c> or a name.</param>
/// <param name="Name">What the identity provider calls them; may be empty.</param>
public sealed record Caller(Guid TenantId, Guid ObjectId, string Name)
{
    /// <summary>Momento takes 64 characters; their count in bytes is never less.</summary>
    private const int MaxPublisherIdBytes = 64;

    /// <summary>base64url of the 16 bytes of <c>oid</c> in the order in which it is written (RFC 9562): 22 characters.</summary>
    public string UserId { get; } = Base64Url.EncodeToString(ObjectId.ToByteArray(bigEndian: true));

    /// <summary>
    /// <c>{UserId}.{Name}</c>, the name cut between characters to 64 bytes of UTF-8 in all: Momento puts it on every message
    /// that is published with a token vended for this caller, so that subscribers can trust it as the sender.
    /// </summary>
    public string PublisherId => $"{UserId}.{Cut(Name, MaxPublisherIdBytes - UserId.Length - 1)}";

    /// <summary>Tells callers apart in logs and traces: the first 8 characters of <see cref="UserId"/>.</summary>
    public string ShortId => UserId[..8];

    /// <summary>Who makes this request: known wherever a function that is not anonymous runs.</summary>
    public static Caller Of(HttpRequest request) => request.HttpContext.Features.GetRequiredFeature<Caller>();

    /// <summary>Whether this could be a <see cref="UserId"/>: what clients send is asked before it reaches a query.</summary>
    public static bool IsUserId(string text) => text.Length == 22 && StrictBase64Url.TryDecode(text, out _);

    /// <summary>A character is what a reader takes for one: a letter with its accents, an emoji with its joiners.</summary>
    private static string Cut(string name, int maxBytes)
    {
        var length = 0;
        while (length < name.Length)
        {
            var next = length + StringInfo.GetNextTextElementLength(name, length);
            if (Encoding.UTF8.GetByteCount(name.AsSpan(0, next)) > maxBytes) break;
            length = next;
        }

        return name[..length];
    }
}
