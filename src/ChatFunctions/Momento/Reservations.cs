using ChatFunctions.Identity;

namespace ChatFunctions.Momento;

/// <summary>
/// Who was told when to come back, so that whoever does finds their place kept. A caller has one place at most, however much they
/// ask for: nobody can book the time of all others. Times are since whenever, the same in all calls.
/// </summary>
public sealed class Reservations
{
    /// <summary>How late one may come: a client waits whole seconds, and a while longer so that not all come at once.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Some 200 bytes each. Whoever is refused beyond it is told when to come back, but has no place.</summary>
    private const int MaxPlaces = 10_000;

    private readonly Dictionary<(Guid Tenant, Guid User), Place> places = [];

    /// <summary>In the order of their times.</summary>
    private readonly Queue<(Place Place, TimeSpan Time)> expiries = new();

    /// <summary>The last time that was told.</summary>
    private TimeSpan last;

    /// <summary>Takes the place of a caller who has come at their time.</summary>
    public Place? Claim(Caller caller, TimeSpan now)
    {
        Expire(now);
        if (!places.TryGetValue(KeyOf(caller), out var place) || place.IsClaimed || place.Time > now) return null;
        place.IsClaimed = true;
        return place;
    }

    /// <summary>Its caller has what they came for.</summary>
    public void Use(Place place) => places.Remove(place.Key);

    /// <summary>Its caller has gone, or failed for another reason than too many calls: they may come again.</summary>
    public void Release(Place place, TimeSpan now)
    {
        place.IsClaimed = false;
        if (place.Time + Grace < now) Use(place);
    }

    /// <param name="caller">Who is refused.</param>
    /// <param name="claimed">The place that they have claimed, and did not get a turn with.</param>
    /// <param name="now">The time.</param>
    /// <param name="earliest">Before it there is no turn.</param>
    /// <param name="interval">From one turn to the next, as far as can be said.</param>
    /// <returns>How long the caller has to wait.</returns>
    public TimeSpan Book(Caller caller, Place? claimed, TimeSpan now, TimeSpan earliest, TimeSpan interval)
    {
        Expire(now);
        var place = places.GetValueOrDefault(KeyOf(caller));
        if (place is { IsClaimed: false } && place.Time > now) return place.Time - now;
        var time = last + interval > earliest ? last + interval : earliest;
        // Another request of this caller is about to use the place they have.
        var isTaken = place is { IsClaimed: true } && place != claimed;
        if (isTaken || (place is null && places.Count >= MaxPlaces)) return time - now;
        place ??= places[KeyOf(caller)] = new Place(KeyOf(caller));
        place.Refuse(time);
        expiries.Enqueue((place, time));
        last = time;
        return time - now;
    }

    private static (Guid Tenant, Guid User) KeyOf(Caller caller) => (caller.TenantId, caller.ObjectId);

    private void Expire(TimeSpan now)
    {
        while (expiries.TryPeek(out var first) && first.Time + Grace < now)
        {
            var (place, time) = expiries.Dequeue();
            if (place.Time == time && !place.IsClaimed && places.GetValueOrDefault(place.Key) == place) Use(place);
        }
    }

    /// <summary>When a caller's turn comes, and how often they have been refused at their time or before they had one.</summary>
    public sealed class Place((Guid Tenant, Guid User) key)
    {
        public (Guid Tenant, Guid User) Key => key;
        public TimeSpan Time { get; private set; }
        public int Refusals { get; private set; }
        public bool IsClaimed { get; set; }

        /// <summary>Refused twice: there will be no third time.</summary>
        public bool IsPromised => Refusals >= 2;

        public void Refuse(TimeSpan next) => (Time, Refusals, IsClaimed) = (next, Refusals + 1, false);
    }
}
