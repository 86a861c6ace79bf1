using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ChatFunctions.Text;

namespace ChatFunctions.Rooms;

/// <summary>
/// A room's name: 1 to 64 Unicode code points in NFC, with what <see cref="NameText"/> says of every name, and without control
/// characters or line breaks.
/// </summary>
/// <param name="Text">The name as its maker wrote it, but in NFC and with single spaces.</param>
/// <param name="Key">The same for every name that differs only in case, in normalization or in what cannot be seen; see
/// <see cref="RoomKey"/>.</param>
/// <param name="OldKey">Where a room lies that was given this very name when keys still held what cannot be seen.</param>
public sealed record ChatName(string Text, string Key, string OldKey)
{
    /// <summary>In Unicode code points.</summary>
    public const int MaxLength = 64;

    /// <param name="text">What the client sent.</param>
    /// <param name="name">The name, if it is one.</param>
    /// <param name="error">Otherwise what is wrong with it, for a person.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ChatName? name, [NotNullWhen(false)] out string? error)
    {
        name = null;
        if (text is null) error = "is required";
        else if (!TryNormalize(text, out var normalized)) error = "must be valid Unicode text without control characters";
        else if (NameText.RemoveStray(normalized) != normalized) error = "must have no invisible characters";
        else if (!NameText.HasVisible(normalized)) error = "must not be blank";
        else if (NameText.CollapseWhiteSpace(normalized).Trim() is var shown && shown.EnumerateRunes().Count() > MaxLength)
        {
            error = $"must have at most {MaxLength} characters";
        }
        else if (KeyOf(shown) is not { Length: <= RoomKey.MaxLength } key) error = "is too long for these characters";
        else
        {
            name = new ChatName(shown, key, RoomKey.Encode(normalized.Trim()));
            error = null;
            return true;
        }

        return false;
    }

    /// <param name="text">What the client sent, perhaps while it is still being typed; may be empty.</param>
    /// <param name="prefix">Null where no name begins so.</param>
    public static bool TryParsePrefix(string text, [NotNullWhen(true)] out NamePrefix? prefix)
    {
        prefix = null;
        if (!TryNormalize(text, out var normalized)) return false;
        if (normalized.EnumerateRunes().Any(rune => Invisible.Is(rune) && !Invisible.MayBeUseful(rune))) return false;
        var start = normalized.TrimStart();
        prefix = new NamePrefix(KeyOf(NameText.CollapseWhiteSpace(start)), RoomKey.Encode(start));
        return prefix is { Key.Length: <= RoomKey.MaxLength, OldKey.Length: <= RoomKey.MaxLength };
    }

    /// <summary>The <see cref="Key"/> of a name that is one.</summary>
    public static string KeyOf(string name) => RoomKey.Encode(Invisible.RemoveAll(name));

    private static bool TryNormalize(string text, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        if (UnicodeText.HasLoneSurrogate(text) || text.Any(IsControl) || text.Contains(NameText.ByteOrderMarkReversed)) return false;
        normalized = text.Normalize(NormalizationForm.FormC);
        return true;
    }

    private static bool IsControl(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
