using ChatFunctions.Text;

namespace ChatFunctions.Identity;

/// <summary>Somebody, as the API shows them: who made a room, who sent a message.</summary>
/// <param name="Id">A <see cref="Caller.UserId"/>.</param>
/// <param name="Name">What the identity provider called them then; only the id identifies.</param>
public sealed record User(string Id, string Name)
{
    /// <summary>In UTF-16, of a name in an event.</summary>
    private const int MaxEventName = 64;

    /// <summary>As an event has them, which may be no longer than a message of Momento's: a long name is cut.</summary>
    public User ForEvent() => this with { Name = TextElements.Cut(Name, MaxEventName) };
}
