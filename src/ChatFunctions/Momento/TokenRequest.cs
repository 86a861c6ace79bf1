using ChatFunctions.Identity;
using Momento.Sdk.Auth.AccessControl;

namespace ChatFunctions.Momento;

/// <summary>A token that Momento is to make.</summary>
/// <param name="Permissions">What it opens.</param>
/// <param name="Lifetime">Whole seconds, at most 25 hours.</param>
/// <param name="Caller">Whom it is for, and whose place in the queue it has; for a token that is shared, nobody's own.</param>
/// <param name="EarlierCalls">How many calls its caller has had of late: whoever has had fewest goes first.</param>
public sealed record TokenRequest(List<DisposableTokenPermission> Permissions, TimeSpan Lifetime, Caller Caller, int EarlierCalls)
{
    /// <summary>
    /// What Momento says of every message that is published with it; at most 64 characters. Null for one that does not publish.
    /// </summary>
    public string? TokenId { get; init; } = Caller.PublisherId;
}
