using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ChatFunctions.Rooms;

/// <summary>
/// Where a listing goes on: base64url of <c>public/{prefix}/{last}</c>, the list that is walked, the key prefix asked for,
/// and the key of the last room shown. Keys hold no slash. It grants nothing: it only says where to start.
/// </summary>
public sealed record RoomCursor(string Prefix, string LastKey)
{
    private const string List = "public";

    /// <summary>Two keys of the greatest length, in base64.</summary>
    private const int MaxLength = 1400;

    /// <param name="text">What the client sent.</param>
    /// <param name="prefix">The key prefix of this request, which the cursor must have been made for.</param>
    /// <param name="cursor">Not null exactly when the text is a cursor as <see cref="ToString"/> writes it.</param>
    public static bool TryParse(string text, string prefix, [NotNullWhen(true)] out RoomCursor? cursor)
    {
        cursor = null;
        if (text.Length > MaxLength || !Base64Url.IsValid(text)) return false;
        if (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('/') is not [List, var forPrefix, var lastKey]) return false;
        if (forPrefix != prefix || !RoomKey.IsValid(lastKey) || !lastKey.StartsWith(prefix, StringComparison.Ordinal)) return false;
        cursor = new RoomCursor(prefix, lastKey);
        // Base64 can spell the same bytes in more than one way.
        return cursor.ToString() == text;
    }

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{List}/{Prefix}/{LastKey}"));
}
