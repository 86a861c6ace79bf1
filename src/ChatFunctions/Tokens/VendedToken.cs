namespace ChatFunctions.Tokens;

/// <summary>What a client needs to talk to Momento Topics.</summary>
/// <param name="Endpoint">The host of the Momento account.</param>
/// <param name="Token">A disposable token of Momento.</param>
/// <param name="CacheName">The cache that holds the topics.</param>
/// <param name="ExpiresAt">When the token ends; fetch the next one before.</param>
public sealed record VendedToken(string Endpoint, string Token, string CacheName, DateTimeOffset ExpiresAt);
