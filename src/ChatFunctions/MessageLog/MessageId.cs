using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using ChatFunctions.Text;

namespace ChatFunctions.MessageLog;

/// <summary>
/// A message's id: <c>{number}-{nonce}</c>. The number finds its row, and the nonce tells it from the message with this number in another room.
/// </summary>
public static class MessageId
{
    private const int NonceBytes = 6;
    private const int NonceLength = 8;

    public static string NewNonce() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));

    public static string Of(MessageEntity message) => string.Create(CultureInfo.InvariantCulture, $"{message.Number}-{message.Nonce}");

    /// <param name="text">What the client sent.</param>
    /// <param name="number">1 or greater.</param>
    public static bool TryParse(string? text, out long number, [NotNullWhen(true)] out string? nonce)
    {
        (number, nonce) = (0, null);
        if (text?.IndexOf('-') is not (> 0 and <= 19 and var dash) || text[0] == '0') return false;
        if (!long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out number)) return false;
        nonce = text[(dash + 1)..];
        return nonce.Length == NonceLength && StrictBase64Url.TryDecode(nonce, out _);
    }
}
