using Momento.Sdk.Auth.AccessControl;

namespace ChatFunctions.Momento;

/// <summary>A token that Momento is to make.</summary>
/// <param name="Permissions">What it opens.</param>
/// <param name="Lifetime">Whole seconds, at most 25 hours.</param>
/// <param name="TokenId">What Momento says of every message that is published with it; at most 64 characters.</param>
/// <param name="PlainTokenId">What it is to say instead where Momento does not take that.</param>
/// <param name="EarlierCalls">How many calls its caller has had of late: whoever has had fewest goes first.</param>
public sealed record TokenRequest(
    List<DisposableTokenPermission> Permissions, TimeSpan Lifetime, string TokenId, string PlainTokenId, int EarlierCalls);
