using ChatFunctions.Identity;
using Momento.Sdk.Auth.AccessControl;

namespace ChatFunctions.Momento;

/// <summary>A token that Momento is to make.</summary>
/// <param name="Permissions">What it opens.</param>
/// <param name="Lifetime">Whole seconds, at most an hour.</param>
/// <param name="Caller">Whom Momento says every message is from that is published with it.</param>
/// <param name="EarlierCalls">How many calls its caller has had of late: whoever has had fewest goes first.</param>
public sealed record TokenRequest(List<DisposableTokenPermission> Permissions, TimeSpan Lifetime, Caller Caller, int EarlierCalls);
