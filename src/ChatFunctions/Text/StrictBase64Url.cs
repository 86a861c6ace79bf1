using System.Buffers.Text;

namespace ChatFunctions.Text;

/// <summary>Base64url (RFC 4648, section 5, without padding) of which each value has one spelling.</summary>
public static class StrictBase64Url
{
    /// <param name="text">What the client sent: .NET's own decoder also takes white space, padding and loose last bits.</param>
    /// <param name="bytes">What it spells; empty if it is not the one spelling of anything.</param>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        if (text.SequenceEqual(Base64Url.EncodeToString(bytes))) return true;
        bytes = [];
        return false;
    }
}
