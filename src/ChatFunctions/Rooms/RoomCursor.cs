using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ChatFunctions.Rooms;

/// <summary>
/// Where a listing goes on: <c>public/{prefix}/{last}</c>, the list that is walked, the key prefix asked for, and the key of the
/// last room shown (keys hold no slash), with a checksum, in base64url. It grants nothing, and anyone could make one: the
/// checksum only tells a client that it has garbled its own.
/// </summary>
public sealed record RoomCursor(string Prefix, string LastKey)
{
    private const string List = "public";

    private const int ChecksumBytes = 8;

    /// <summary>Two keys of the greatest length, in base64.</summary>
    private const int MaxLength = 1400;

    /// <param name="text">What the client sent.</param>
    /// <param name="prefix">The key prefix of this request, which the cursor must have been made for.</param>
    /// <param name="cursor">Not null exactly when the text is a cursor as <see cref="ToString"/> writes it.</param>
    public static bool TryParse(string text, string prefix, [NotNullWhen(true)] out RoomCursor? cursor)
    {
        cursor = null;
        if (text.Length > MaxLength || !Base64Url.IsValid(text) || Base64Url.DecodeFromChars(text) is not { Length: > ChecksumBytes } bytes) return false;
        if (Encoding.UTF8.GetString(bytes[ChecksumBytes..]).Split('/') is not [List, var forPrefix, var lastKey]) return false;
        if (forPrefix != prefix || !RoomKey.IsValid(lastKey) || !lastKey.StartsWith(prefix, StringComparison.Ordinal)) return false;
        cursor = new RoomCursor(prefix, lastKey);
        return cursor.ToString() == text;
    }

    public override string ToString()
    {
        var place = Encoding.UTF8.GetBytes($"{List}/{Prefix}/{LastKey}");
        return Base64Url.EncodeToString([.. SHA256.HashData(place)[..ChecksumBytes], .. place]);
    }
}
