using System.Buffers.Text;
using ChatFunctions.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ChatFunctions.Identity;

/// <summary>The signed-in user who makes a request.</summary>
/// <param name="TenantId">The claim <c>tid</c>.</param>
/// <param name="ObjectId">The claim <c>oid</c>: the same for every client and for ever, unlike <c>sub</c> or a name.</param>
/// <param name="Name">What the identity provider calls them, as <see cref="Text.NameText"/> has it; may be empty.</param>
public sealed record Caller(Guid TenantId, Guid ObjectId, string Name)
{
    /// <summary>In UTF-16, as Momento's clients count the characters of a token id.</summary>
    private const int MaxPublisherIdLength = 64;

    /// <summary>
    /// Whether their access token has the app role <see cref="Authenticator.ModeratorRole"/>: they delete any public room and any message in
    /// one, and ban people there. Private rooms that they are not in are none for them either.
    /// </summary>
    public bool IsModerator { get; init; }

    /// <summary>base64url of the 16 bytes of <c>oid</c> in the order in which it is written (RFC 9562): 22 characters.</summary>
    public string UserId { get; } = Base64Url.EncodeToString(ObjectId.ToByteArray(bigEndian: true));

    /// <summary>
    /// <c>{UserId}.{Name}</c>, the name cut between characters to 64 in all, or <see cref="UserId"/> without a name: Momento puts it
    /// on every message that is published with a token vended for this caller, so that subscribers can trust it as the sender.
    /// </summary>
    public string PublisherId => Name.Length == 0 ? UserId : $"{UserId}.{TextElements.Cut(Name, MaxPublisherIdLength - UserId.Length - 1)}";

    /// <summary>Tells callers apart in logs and traces: the first 8 characters of <see cref="UserId"/>.</summary>
    public string ShortId => UserId[..8];

    /// <summary>What callers may do is no part of who they are, and so of no key under which anything of theirs is kept.</summary>
    public bool Equals(Caller? other) =>
        other is not null && (TenantId, ObjectId, Name) == (other.TenantId, other.ObjectId, other.Name);

    public override int GetHashCode() => HashCode.Combine(TenantId, ObjectId, Name);

    /// <summary>Who makes this request: known wherever a function that is not anonymous runs.</summary>
    public static Caller Of(HttpRequest request) => request.HttpContext.Features.GetRequiredFeature<Caller>();

    /// <summary>Whether this could be a <see cref="UserId"/>: what clients send is asked before it reaches a query.</summary>
    public static bool IsUserId(string text) => text.Length == 22 && StrictBase64Url.TryDecode(text, out _);
}
