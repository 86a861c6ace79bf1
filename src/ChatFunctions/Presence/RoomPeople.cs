using ChatFunctions.Identity;

namespace ChatFunctions.Presence;

/// <summary>Who is in a room, as the API shows it.</summary>
/// <param name="People">A hundred at most, by name, and each once, however many sessions they have.</param>
/// <param name="Count">Of all who are here, as far as they are counted.</param>
/// <param name="IsMore">There are more than <paramref name="Count"/>; no events tell who comes and goes then.</param>
/// <param name="Age">In seconds: for how long other instances of the app may have known better. What an event has told since is newer.</param>
/// <param name="Seq">Where the room's log stood then: who has not come so far has missed something.</param>
/// <param name="EventsTopicName">Where the room's events are heard now.</param>
public sealed record RoomPeople(IReadOnlyList<User> People, int Count, bool IsMore, double Age, long Seq, string EventsTopicName);
