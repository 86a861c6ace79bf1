using System.ComponentModel.DataAnnotations;

namespace ChatFunctions.Presence;

/// <summary>The settings under <c>Presence</c>.</summary>
public sealed class PresenceOptions
{
    /// <summary>Whether it is kept who is in a room. It costs each person who is online a request a minute.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>A room with more people says only that it has more, and no events tell who comes and goes.</summary>
    [Range(1, 10_000, ErrorMessage = "Presence:MaxPeople must be from 1 to 10000.")]
    public int MaxPeople { get; set; } = 1000;
}
