using System.Text;
using ChatFunctions.Identity;
using ChatFunctions.Momento;

namespace ChatFunctions.Presence;

/// <summary>What is published of the people in a room: one JSON object of at most <see cref="TopicPublisher.MaxBytes"/>.</summary>
/// <param name="V">Of this shape: 1.</param>
/// <param name="Type"><c>presence</c>.</param>
/// <param name="Came">Those who were not here before.</param>
/// <param name="Left">The ids of those who are not here any more.</param>
/// <param name="Typing">Those who type: it holds for five seconds, and until their next message.</param>
public sealed record PresenceEvent(
    int V, string Type, string ChatId, IReadOnlyList<User>? Came, IReadOnlyList<string>? Left, IReadOnlyList<User>? Typing)
{
    /// <summary>What does not fit is left out: whoever asks who is here finds it.</summary>
    public static string Of(string chatId, IEnumerable<User> came, IEnumerable<string> left, IEnumerable<User> typing)
    {
        var (isHere, isGone, types) = (came.Select(person => person.ForEvent()).ToList(), left.ToList(), typing.Select(person => person.ForEvent()).ToList());
        while (true)
        {
            var json = EventJson.Write(new PresenceEvent(1, "presence", chatId, NullIfEmpty(isHere), NullIfEmpty(isGone), NullIfEmpty(types)));
            if (Encoding.UTF8.GetByteCount(json) <= TopicPublisher.MaxBytes) return json;
            Halve(isHere);
            Halve(isGone);
            Halve(types);
        }
    }

    private static List<T>? NullIfEmpty<T>(List<T> list) => list.Count == 0 ? null : list;

    private static void Halve<T>(List<T> list) => list.RemoveRange(list.Count / 2, list.Count - (list.Count / 2));
}
