using System.Buffers;
using System.Text;

namespace ChatFunctions.Text;

/// <summary>What JSON and UTF-16 can spell and Unicode text cannot hold.</summary>
public static class UnicodeText
{
    /// <summary>Half a surrogate pair.</summary>
    public static bool HasLoneSurrogate(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != OperationStatus.Done) return true;
            rest = rest[consumed..];
        }

        return false;
    }
}
