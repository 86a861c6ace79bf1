using System.ComponentModel.DataAnnotations;
using ChatFunctions.Http;

namespace ChatFunctions.Momento;

/// <summary>The settings under <c>Momento</c>.</summary>
public sealed class MomentoOptions
{
    /// <summary>The cache that holds this environment's topics.</summary>
    [Required(ErrorMessage = "Momento:CacheName is missing.")]
    public string CacheName { get; set; } = "";

    /// <summary>
    /// Comes first in the name of every topic: one of its own for each of the stages that share a cache, so that none opens the topics of
    /// another. One part that ends in a slash, and none of those that the app's names begin with, so that no prefix begins another name.
    /// </summary>
    [RegularExpression(
        "(?!(?:public|private|events)/)[-0-9a-z]{1,100}/",
        ErrorMessage = "Momento:TopicPrefix must be up to 100 of a-z, 0-9 and -, then a slash, and not public/, private/ or events/.")]
    public string TopicPrefix { get; set; } = "";

    /// <summary>Whether users' tokens publish. Without, they only listen, and only this app publishes.</summary>
    public bool DirectPublish { get; set; } = true;

    /// <summary>How long a vended token is good. Momento allows 25 hours; it cannot revoke one.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "1.01:00:00", ErrorMessage = "Momento:TokenLifetime must be from 00:00:02 to 1.01:00:00.")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long a token is good that opens a private room. Whoever is removed from the room can still talk there so long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:02", "1.01:00:00", ErrorMessage = "Momento:PrivateTokenLifetime must be from 00:00:02 to 1.01:00:00.")]
    public TimeSpan PrivateTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a token is good that only listens to events topics, and that all callers share.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "1.01:00:00", ErrorMessage = "Momento:SharedTokenLifetime must be from 00:00:02 to 1.01:00:00.")]
    public TimeSpan SharedTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The most token calls a second of this instance, of the 5 that Momento grants to the whole account; may be a fraction. Where
    /// Momento refuses calls, since instances have more in all, each makes fewer by itself: see <see cref="AdaptiveRate"/>.
    /// </summary>
    [Range(0.01, 1000, ErrorMessage = "Momento:TokenCallsPerSecond must be from 0.01 to 1000.")]
    public double TokenCallsPerSecond { get; set; } = 2;

    /// <summary>
    /// How many tokens Momento may make for one caller in a minute: a person may enter a room a second. Tokens served from memory
    /// do not count, nor do calls that came to nothing.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "Momento:TokenCallsPerCallerPerMinute must be from 1 to 1000.")]
    public int TokenCallsPerCallerPerMinute { get; set; } = 60;

    /// <summary>
    /// The most messages a second that this instance publishes; may be a fraction. Momento counts what an account does with topics: each
    /// publish and each delivery, 10 a second in all for a new account until it raises them. What is beyond that it refuses, and then
    /// the instance publishes less for a while: see <see cref="PublishBudget"/>.
    /// </summary>
    [Range(1, 10_000.0, ErrorMessage = "Momento:PublishesPerSecond must be from 1 to 10000.")]
    public double PublishesPerSecond { get; set; } = 100;

    /// <summary>
    /// The host where the account lives, for an API key that does not say so itself (v2) and whose secret has no tag that does. Or <c>http://</c> and a loopback address,
    /// for a Momento on this machine, which takes keys of both kinds.
    /// </summary>
    [MomentoEndpoint]
    public string? Endpoint { get; set; }
}
