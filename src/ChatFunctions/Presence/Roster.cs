using ChatFunctions.Identity;

namespace ChatFunctions.Presence;

/// <summary>
/// Who is in a room, as it was read, and as people have come and gone since by this instance.
/// </summary>
/// <param name="read">At most one more than <paramref name="maxPeople"/>.</param>
/// <param name="seq">The position of the room's log.</param>
/// <param name="readAt">The timestamp from before the read.</param>
public sealed class Roster(IEnumerable<User> read, int maxPeople, long seq, long readAt)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, User> people = read.ToDictionary(person => person.Id);

    /// <summary>Where the room's log stood when this was read.</summary>
    public long Seq => seq;

    public long ReadAt => readAt;

    /// <summary>There are more people than are counted.</summary>
    public bool IsMore
    {
        get
        {
            lock (gate) return people.Count > maxPeople;
        }
    }

    public void Come(User person)
    {
        lock (gate) people[person.Id] = person;
    }

    public void Go(string userId)
    {
        lock (gate) people.Remove(userId);
    }

    /// <summary>How many there are, and so many of them at most, by name.</summary>
    public (int Count, IReadOnlyList<User> People) Show(int most)
    {
        lock (gate)
        {
            var shown = people.Values.OrderBy(person => person.Name, StringComparer.OrdinalIgnoreCase).ThenBy(person => person.Id, StringComparer.Ordinal);
            return (Math.Min(people.Count, maxPeople), [.. shown.Take(most)]);
        }
    }
}
