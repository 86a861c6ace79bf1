using System.Text.Json.Serialization;
using Momento.Sdk.Responses;

namespace ChatFunctions.Tokens;

/// <summary>What a client needs to talk to Momento Topics.</summary>
/// <param name="Endpoint">The host of the Momento account.</param>
/// <param name="Token">A disposable token of Momento.</param>
/// <param name="CacheName">The cache that holds the topics.</param>
/// <param name="ExpiresAt">When the token ends; fetch the next one before.</param>
public sealed record VendedToken(string Endpoint, string Token, string CacheName, DateTimeOffset ExpiresAt)
{
    /// <param name="made">What Momento has made.</param>
    public static VendedToken Of(GenerateDisposableTokenResponse.Success made, string cacheName) =>
        new(made.Endpoint, made.AuthToken, cacheName, DateTimeOffset.FromUnixTimeSeconds(made.ExpiresAt.Epoch()!.Value));

    /// <summary>
    /// The rooms that were asked for, and what their topics are called now: a private room's change when a removal begins another epoch,
    /// and only this answer is sure to name those that its token opens. Null for all public rooms.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TokenRoom>? Rooms { get; init; }
}

/// <summary>A room that a token opens.</summary>
public sealed record TokenRoom(string ChatId, string TopicName, string EventsTopicName);
