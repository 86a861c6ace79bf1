using ChatFunctions.Errors;

namespace ChatFunctions.Presence;

/// <summary>What a client calls one of its sessions, such as a page in a tab: a UUID, which is no secret.</summary>
public static class SessionId
{
    /// <exception cref="ChatException"><see cref="ErrorCode.Invalid"/>: it is none.</exception>
    public static Guid Parse(string text) => Guid.TryParseExact(text, "D", out var id) ? id : throw ChatException.Invalid("sessionId", "must be a UUID");
}
