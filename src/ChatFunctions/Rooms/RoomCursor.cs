using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ChatFunctions.Text;

namespace ChatFunctions.Rooms;

/// <summary>
/// Where a listing goes on. For clients it is <c>{list}/{prefix}/{last}</c> (neither keys nor ids hold a slash) with a checksum,
/// in base64url. It grants nothing, and anyone could make one: the checksum only tells a client that it has garbled its own.
/// </summary>
/// <param name="List">The list that is walked: <see cref="Room.Private"/>, then <see cref="Room.Public"/>.</param>
/// <param name="Prefix">The prefix asked for, which is told by its key.</param>
/// <param name="LastId">The <c>chatId</c> of the last room shown of that list, or null.</param>
public sealed record RoomCursor(string List, NamePrefix Prefix, string? LastId)
{
    private const int ChecksumBytes = 8;

    /// <summary>Two keys of the greatest length, in base64.</summary>
    private const int MaxLength = 1400;

    /// <summary>The beginning of a listing.</summary>
    public static RoomCursor Start(NamePrefix prefix) => new(Room.Private, prefix, null);

    public static RoomCursor After(Room room, NamePrefix prefix) => new(room.Visibility, prefix, room.ChatId);

    /// <param name="text">What the client sent.</param>
    /// <param name="prefix">The prefix of this request, which the cursor must have been made for.</param>
    /// <param name="cursor">Not null exactly when the text is a cursor as <see cref="ToString"/> writes it.</param>
    public static bool TryParse(string text, NamePrefix prefix, [NotNullWhen(true)] out RoomCursor? cursor)
    {
        cursor = null;
        if (text.Length > MaxLength || !StrictBase64Url.TryDecode(text, out var bytes) || bytes.Length <= ChecksumBytes) return false;
        if (Encoding.UTF8.GetString(bytes[ChecksumBytes..]).Split('/') is not [var list, var forPrefix, var lastId]) return false;
        if (forPrefix != prefix.Key || !IsValid(list, prefix, lastId)) return false;
        var parsed = new RoomCursor(list, prefix, lastId);
        if (parsed.ToString() != text) return false;
        cursor = parsed;
        return true;
    }

    public override string ToString()
    {
        var place = Encoding.UTF8.GetBytes($"{List}/{Prefix.Key}/{LastId}");
        return Base64Url.EncodeToString([.. SHA256.HashData(place)[..ChecksumBytes], .. place]);
    }

    private static bool IsValid(string list, NamePrefix prefix, string lastId) => list switch
    {
        Room.Private => PrivateRoomId.IsValid(lastId),
        Room.Public => RoomKey.IsValid(lastId) && prefix.IsOf(lastId),
        _ => false,
    };
}
