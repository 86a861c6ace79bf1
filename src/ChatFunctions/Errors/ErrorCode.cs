namespace ChatFunctions.Errors;

/// <summary>
/// Why a request is refused or fails: the whole list. What clients see of each, its stable type and its status, is in one table,
/// <c>Http/ProblemType.cs</c>.
/// </summary>
public enum ErrorCode
{
    /// <summary>At least one field or parameter is wrong: <see cref="ChatException.Fields"/> says which.</summary>
    Invalid,

    /// <summary>The body is no JSON object.</summary>
    MalformedBody,

    /// <summary>The body did not come in the request's time.</summary>
    BodyTooSlow,

    /// <summary>The body has more than <see cref="ChatException.Argument"/> bytes.</summary>
    BodyTooLarge,

    /// <summary>The body is not declared as JSON in UTF-8.</summary>
    NotJson,

    /// <summary>No access token was sent.</summary>
    TokenMissing,

    /// <summary>The access token is not one of a user of the tenant for this API, or not any more.</summary>
    TokenInvalid,

    /// <summary>The access token lacks the scope <see cref="ChatException.Argument"/>.</summary>
    ScopeMissing,

    /// <summary>Only the owner of the room may do this, or a moderator where it is public.</summary>
    NotOwner,

    /// <summary>Only a moderator may do this, or change what a moderator has done.</summary>
    NotModerator,

    /// <summary>
    /// The caller may read here, but not write: <see cref="ChatException.Details"/> has the <c>reason</c> and <c>until</c> when, where that
    /// was said.
    /// </summary>
    Banned,

    /// <summary>This can be no user's id.</summary>
    UserNotFound,

    /// <summary>There is no such room, or none that the caller may enter: nobody is told which.</summary>
    RoomNotFound,

    /// <summary>It is not kept who is in a room: clients ask no more.</summary>
    PresenceOff,

    /// <summary>The room has no such member.</summary>
    MemberNotFound,

    /// <summary>The room has no such message.</summary>
    MessageNotFound,

    /// <summary>Only the author may change the message, and only the author, the room's owner and, in a public room, a moderator delete it.</summary>
    NotAuthor,

    /// <summary>The message is of another version than the request says.</summary>
    VersionMismatch,

    /// <summary>The invitation is unknown, void or expired.</summary>
    InvitationNotFound,

    /// <summary>The room has as many valid invitations as a room may have.</summary>
    TooManyInvitations,

    /// <summary>The room has as many bans as a room may have.</summary>
    TooManyBans,

    /// <summary>The caller has as many open reports as one person may have.</summary>
    TooManyReports,

    /// <summary>Nobody bans themselves.</summary>
    BanOfSelf,

    /// <summary>The room is public, and so has neither members nor invitations.</summary>
    PublicRoom,

    /// <summary>The owner cannot leave the room before they hand it over.</summary>
    OwnerCannotLeave,

    /// <summary>There is a public room of this name: <see cref="ChatException.Details"/> has its <c>chatId</c> and <c>createdBy</c>.</summary>
    NameTaken,

    /// <summary>An earlier request with this <c>Idempotency-Key</c> asked for something else.</summary>
    IdempotencyKeyReused,

    /// <summary>A check of messages has not accepted this one: <see cref="ChatException.Reason"/>.</summary>
    Rejected,

    /// <summary>A check of messages says nothing of this one: <see cref="ChatException.RetryAfter"/>.</summary>
    ReviewFailed,

    /// <summary>The room is in slow mode, and the caller has just said something: <see cref="ChatException.RetryAfter"/>.</summary>
    SlowMode,

    /// <summary>The caller has done this too often: <see cref="ChatException.RetryAfter"/>.</summary>
    TooManyRequests,

    /// <summary>A service that this needs fails in a way that passes by waiting: <see cref="ChatException.RetryAfter"/>.</summary>
    Unavailable,

    /// <summary>A fault of this app, or of how it is set up: waiting does not help.</summary>
    Unexpected,
}
