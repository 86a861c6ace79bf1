namespace ChatFunctions.Identity;

/// <summary>Somebody, as the API shows them: who made a room, who sent a message.</summary>
/// <param name="Id">A <see cref="Caller.UserId"/>.</param>
/// <param name="Name">What the identity provider called them then; only the id identifies.</param>
public sealed record User(string Id, string Name);
