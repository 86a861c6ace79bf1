using System.Collections.Frozen;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Messages;
using ChatFunctions.Presence;

namespace ChatFunctions;

/// <summary>
/// How often each caller may write, by kinds, so that no kind starves another: who has sent all the messages that they may can still take
/// one back, and leave a room. The defaults, 60 a minute each (presence: 120), are what Stream allows a user (https://getstream.io/chat/docs/node/rate_limits_table),
/// and Slack in a channel: a message a second (https://docs.slack.dev/apis/web-api/rate-limits).
/// </summary>
public sealed class WriteLimits
{
    private readonly FrozenDictionary<string, CallerLimit> byFunction;
    private readonly CallerLimit others;

    public WriteLimits(HttpOptions options, TimeProvider time)
    {
        others = new CallerLimit(options.WritesPerCallerPerMinute, time);
        var messages = new CallerLimit(options.MessagesPerCallerPerMinute, time);
        var changes = new CallerLimit(options.MessageChangesPerCallerPerMinute, time);
        var presence = new CallerLimit(options.PresencePerCallerPerMinute, time);
        byFunction = new Dictionary<string, CallerLimit>
        {
            [nameof(SendMessage)] = messages,
            [nameof(EditMessage)] = changes,
            [nameof(DeleteMessage)] = changes,
            [nameof(RenewPresence)] = presence,
            [nameof(EndPresence)] = presence,
        }.ToFrozenDictionary();
    }

    /// <param name="function">Its name. One that is not among those above is of the rest.</param>
    public CallerLimit Of(string function) => byFunction.GetValueOrDefault(function, others);
}
