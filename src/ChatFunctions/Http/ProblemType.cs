using System.Collections.Frozen;
using System.Globalization;
using ChatFunctions.Errors;

namespace ChatFunctions.Http;

/// <summary>What a client sees of an <see cref="ErrorCode"/>.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Name">Stable; the end of the problem's <c>type</c>.</param>
/// <param name="Title">For a person; <c>{0}</c> is <see cref="ChatException.Argument"/>.</param>
/// <param name="Challenge">The header <c>WWW-Authenticate</c> (RFC 6750), with the same <c>{0}</c>.</param>
public sealed record ProblemType(int Status, string Name, string Title, string? Challenge = null)
{
    private static readonly FrozenDictionary<ErrorCode, ProblemType> Table = new Dictionary<ErrorCode, ProblemType>
    {
        [ErrorCode.Invalid] = new(400, "invalid", "The request is not valid."),
        [ErrorCode.MalformedBody] = new(400, "malformed-body", "The body must be a JSON object."),
        [ErrorCode.TokenMissing] = new(401, "unauthenticated", "A valid access token is needed.", "Bearer"),
        [ErrorCode.TokenInvalid] = new(401, "unauthenticated", "A valid access token is needed.", "Bearer error=\"invalid_token\""),
        [ErrorCode.ScopeMissing] = new(
            403, "missing-scope", "The access token lacks the scope {0}.", "Bearer error=\"insufficient_scope\", scope=\"{0}\""),
        [ErrorCode.NotOwner] = new(403, "not-owner", "Only the owner of the room may do this."),
        [ErrorCode.NotModerator] = new(403, "not-moderator", "Only a moderator may do this."),
        [ErrorCode.Banned] = new(403, "banned", "You may read here, but not write."),
        [ErrorCode.NotAuthor] = new(403, "not-author", "Only the author of the message may do this."),
        [ErrorCode.RoomNotFound] = new(404, "room-not-found", "There is no such room."),
        [ErrorCode.PresenceOff] = new(404, "presence-off", "It is not kept here who is in a room."),
        [ErrorCode.MemberNotFound] = new(404, "member-not-found", "The room has no such member."),
        [ErrorCode.UserNotFound] = new(404, "user-not-found", "This can be no user's id."),
        [ErrorCode.MessageNotFound] = new(404, "message-not-found", "The room has no such message."),
        [ErrorCode.InvitationNotFound] = new(404, "invitation-not-found", "The invitation is unknown, void or expired."),
        [ErrorCode.BodyTooSlow] = new(408, "body-too-slow", "The body did not come in time."),
        [ErrorCode.PublicRoom] = new(409, "public-room", "A public room has neither members nor invitations: everyone may enter."),
        [ErrorCode.OwnerCannotLeave] = new(409, "owner-cannot-leave", "The owner cannot leave the room. Hand it over first, or delete it."),
        [ErrorCode.BanOfSelf] = new(409, "ban-of-self", "Nobody can ban themselves."),
        [ErrorCode.TooManyBans] = new(409, "too-many-bans", "The room has as many bans as it may have. Lift one of them first."),
        [ErrorCode.TooManyReports] = new(
            409, "too-many-reports", "You have as many open reports as you may have. Wait until some of them are closed."),
        [ErrorCode.TooManyInvitations] = new(
            409, "too-many-invitations", "The room has as many invitations as it may have. Use one of them, or wait until one expires."),
        [ErrorCode.NameTaken] = new(409, "name-taken", "There is a public room of this name."),
        [ErrorCode.VersionMismatch] = new(412, "version-mismatch", "The message has another version by now."),
        [ErrorCode.BodyTooLarge] = new(413, "body-too-large", "The body may have at most {0} bytes."),
        [ErrorCode.NotJson] = new(415, "not-json", "The body must be sent as application/json in UTF-8."),
        [ErrorCode.IdempotencyKeyReused] = new(
            422, "idempotency-key-reused", "An earlier request with this Idempotency-Key asked for something else."),
        [ErrorCode.Rejected] = new(422, "rejected", "The message is not accepted."),
        [ErrorCode.SlowMode] = new(429, "slow-mode", "The room is in slow mode. Wait a while before your next message."),
        [ErrorCode.TooManyRequests] = new(429, "too-many-requests", "You have asked for this too often. Try again later."),
        [ErrorCode.Unexpected] = new(500, "unexpected", "Something went wrong here."),
        [ErrorCode.ReviewFailed] = new(503, "review-failed", "The message could not be checked. Try again later."),
        [ErrorCode.Unavailable] = new(503, "unavailable", "A service that this needs does not answer. Try again later."),
    }.ToFrozenDictionary();

    /// <summary>The type of an error, with its argument filled in.</summary>
    public static ProblemType Of(ChatException error)
    {
        var type = Table[error.Code];
        return error.Argument is not { } argument ? type : type with
        {
            Title = string.Format(CultureInfo.InvariantCulture, type.Title, argument),
            Challenge = type.Challenge is null ? null : string.Format(CultureInfo.InvariantCulture, type.Challenge, argument),
        };
    }
}
