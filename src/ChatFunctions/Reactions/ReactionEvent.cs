using ChatFunctions.MessageLog;
using ChatFunctions.Momento;

namespace ChatFunctions.Reactions;

/// <summary>
/// What is published of a message's reactions on its room's events topic. With <see cref="ReactionLog.MaxKinds"/> of the longest emoji it is
/// far shorter than <see cref="TopicPublisher.MaxBytes"/>.
/// </summary>
/// <param name="V">Of this shape: 1.</param>
/// <param name="Type"><c>reactions</c>.</param>
/// <param name="Id">The message's.</param>
/// <param name="Version">See <see cref="MessageReactions"/>: the greatest wins.</param>
public sealed record ReactionEvent(int V, string Type, string ChatId, string Id, int Version, IReadOnlyList<ReactionEvent.Item> Items)
{
    public sealed record Item(string Emoji, int Count);

    public static string Of(string chatId, string messageId, ReactionSummary summary) => EventJson.Write(new ReactionEvent(
        1, "reactions", chatId, messageId, summary.Version, [.. summary.Counts.Select(each => new Item(Emoji.TextOf(each.Emoji), each.Count))]));
}
