using System.Text.Json.Serialization;
using ChatFunctions.MessageLog;

namespace ChatFunctions.Reactions;

/// <summary>A message's reactions, as the API shows them to somebody.</summary>
/// <param name="Version">1, and one more with every change: the greatest is the newest.</param>
/// <param name="Items">The most first, and of as many the earlier first. None where all were taken back.</param>
public sealed record MessageReactions(int Version, IReadOnlyList<MessageReactions.Item> Items)
{
    /// <param name="Emoji">Fully qualified.</param>
    /// <param name="Count">Of people.</param>
    /// <param name="Mine">The one who asks is among them.</param>
    public sealed record Item(
        string Emoji, int Count, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Mine = false);

    /// <param name="own">Of the one who asks, of this message or more.</param>
    /// <returns>Null where there was never any.</returns>
    public static MessageReactions? Of(ReactionSummary? summary, IReadOnlyCollection<Reaction> own) => summary is null or { Version: 0 }
        ? null
        : new MessageReactions(summary.Version,
        [
            .. summary.Counts.Select(each => new Item(
                Reactions.Emoji.TextOf(each.Emoji), each.Count, own.Any(mine => mine.Number == summary.Number && mine.Emoji == each.Emoji))),
        ]);
}
