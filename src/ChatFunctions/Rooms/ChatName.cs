using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ChatFunctions.Rooms;

/// <summary>
/// A room's name: 1 to 64 Unicode code points after trimming and NFC, without control characters or line breaks.
/// </summary>
/// <param name="Text">The name as its maker wrote it, trimmed and in NFC.</param>
/// <param name="Key">The same for every name that differs only in case or normalization; see <see cref="RoomKey"/>.</param>
public sealed record ChatName(string Text, string Key)
{
    /// <summary>In Unicode code points.</summary>
    public const int MaxLength = 64;

    /// <summary>No character, and the one of those that .NET cannot normalize.</summary>
    private const char ByteOrderMarkReversed = '\uFFFE';

    /// <param name="text">What the client sent.</param>
    /// <param name="name">The name, if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it, for a person.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ChatName? name, [NotNullWhen(false)] out string? error)
    {
        name = null;
        if (text is null) error = "is required";
        else if (!TryNormalize(text, out var normalized)) error = "must be valid Unicode text without control characters";
        else if (normalized.Trim() is not { Length: > 0 } trimmed) error = "must not be blank";
        else if (trimmed.EnumerateRunes().Count() > MaxLength) error = $"must have at most {MaxLength} characters";
        else if (RoomKey.Encode(trimmed) is not { Length: <= RoomKey.MaxLength } key) error = "is too long for these characters";
        else
        {
            name = new ChatName(trimmed, key);
            error = null;
            return true;
        }

        return false;
    }

    /// <summary>The key that the keys of all names with this beginning start with; empty for an empty prefix.</summary>
    public static bool TryParsePrefix(string text, [NotNullWhen(true)] out string? key)
    {
        key = TryNormalize(text, out var normalized) ? RoomKey.Encode(normalized.TrimStart()) : null;
        return key is { Length: <= RoomKey.MaxLength };
    }

    private static bool TryNormalize(string text, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        if (HasLoneSurrogate(text) || text.Any(IsControl) || text.Contains(ByteOrderMarkReversed)) return false;
        normalized = text.Normalize(NormalizationForm.FormC);
        return true;
    }

    /// <summary>Half a surrogate pair: JSON and UTF-16 can spell it, Unicode text cannot hold it.</summary>
    private static bool HasLoneSurrogate(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done) return true;
            rest = rest[consumed..];
        }

        return false;
    }

    private static bool IsControl(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
