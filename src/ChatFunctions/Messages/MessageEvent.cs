using System.Text;
using ChatFunctions.Momento;

namespace ChatFunctions.Messages;

/// <summary>
/// What is published of messages on a room's events topic: one JSON object of at most <see cref="TopicPublisher.MaxBytes"/>.
/// </summary>
/// <param name="V">Of this shape: 1.</param>
/// <param name="Type"><c>message</c>: it is new, edited or deleted. <c>sync</c>: read, the log stands at
/// <paramref name="Seq"/>.</param>
/// <param name="Seq">The position in the room's log.</param>
/// <param name="Spread">In seconds: who has to read because of this waits a random part of it, so that not all ask at once.</param>
/// <param name="Message">The whole message; the greatest version wins.</param>
/// <param name="Id">In its place, where it is too long.</param>
/// <param name="Version">Of the message with <paramref name="Id"/>.</param>
/// <param name="Fetch">The message with <paramref name="Id"/> is to be read.</param>
public sealed record MessageEvent(
    int V, string Type, long Seq, int Spread, Message? Message = null, string? Id = null, int? Version = null, bool? Fetch = null)
{
    /// <summary>Nobody counts listeners yet.</summary>
    private const int LeastSpread = 1;

    /// <summary>The event of a message that is new, edited or deleted.</summary>
    public static string Of(Message message, long seq)
    {
        var whole = EventJson.Write(new MessageEvent(1, "message", seq, LeastSpread, message with { Sender = message.Sender.ForEvent() }));
        return Encoding.UTF8.GetByteCount(whole) <= TopicPublisher.MaxBytes
            ? whole
            : EventJson.Write(new MessageEvent(1, "message", seq, LeastSpread, Id: message.Id, Version: message.Version, Fetch: true));
    }

    /// <summary>The event that says how far the log has come.</summary>
    public static string Sync(long seq) => EventJson.Write(new MessageEvent(1, "sync", seq, LeastSpread));
}
