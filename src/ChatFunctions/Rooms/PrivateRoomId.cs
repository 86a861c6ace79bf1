using System.Buffers.Text;
using System.Security.Cryptography;
using ChatFunctions.Text;

namespace ChatFunctions.Rooms;

/// <summary>
/// The <c>chatId</c> of a private room: <c>P</c>, which no <see cref="RoomKey"/> holds, and 128 random bits in base64url. It
/// cannot be guessed, and is never used again.
/// </summary>
public static class PrivateRoomId
{
    private const char Mark = 'P';
    private const int RandomBytes = 16;
    private const int Length = 23;

    /// <summary>The id of a room that is made.</summary>
    /// <param name="random">128 random bits.</param>
    public static string From(Guid random) => From(random.ToByteArray());

    /// <summary>The id of 16 bytes.</summary>
    public static string From(ReadOnlySpan<byte> bytes) => Mark + Base64Url.EncodeToString(bytes);

    /// <summary>The 16 bytes of an id that is valid.</summary>
    public static byte[] BytesOf(string chatId) => Base64Url.DecodeFromChars(chatId.AsSpan(1));

    /// <summary>Whether this could be one: what clients send is asked before it reaches a query.</summary>
    public static bool IsValid(string chatId) =>
        chatId.Length == Length && chatId[0] == Mark && StrictBase64Url.TryDecode(chatId.AsSpan(1), out _);
}
