using ChatFunctions.Work;

namespace ChatFunctions.Rooms;

/// <summary>An epoch of a private room that has ended, if the change that was to end it was written.</summary>
/// <param name="Topics">Where its listeners are told.</param>
/// <param name="Intent">To tell them, also if this instance does not live to do it.</param>
public sealed record EndedEpoch(RoomTopics Topics, Intent Intent);
