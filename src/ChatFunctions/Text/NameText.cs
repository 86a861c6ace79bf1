using System.Globalization;
using System.Text;

namespace ChatFunctions.Text;

/// <summary>
/// What the names of rooms and people have in common, so that what looks the same is the same: single spaces, something to see, and
/// no invisible character but where it has a use. Look-alikes of other scripts are allowed.
/// </summary>
public static class NameText
{
    /// <summary>No character, and the one of those that .NET cannot normalize.</summary>
    public const char ByteOrderMarkReversed = '\uFFFE';

    /// <summary>Each run of white space as one space. One at an end is still there.</summary>
    public static string CollapseWhiteSpace(string text)
    {
        var collapsed = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c)) collapsed.Append(c);
            else if (collapsed.Length == 0 || collapsed[^1] != ' ') collapsed.Append(' ');
        }

        return collapsed.ToString();
    }

    public static bool HasVisible(string text) => text.EnumerateRunes().Any(IsVisible);

    /// <summary>It can be seen, and by itself: an accent cannot.</summary>
    public static bool IsVisible(Rune rune) =>
        !Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune) && !Invisible.Is(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);

    /// <returns>The text without the invisible characters that have no use where they stand.</returns>
    public static string RemoveStray(string text)
    {
        if (!text.EnumerateRunes().Any(Invisible.Is)) return text;
        Rune[] runes = [.. text.EnumerateRunes()];
        return string.Concat(runes.Where((rune, index) => !Invisible.Is(rune) || UsefulInvisibles.IsUseful(runes, index)));
    }

    /// <summary>For a name that somebody has given already, and that nobody can be asked to mend.</summary>
    /// <returns>What of it can be a name, in NFC; empty where nothing can.</returns>
    public static string Mend(string text)
    {
        // Half a surrogate pair is read as the replacement character.
        var readable = text.Keep(rune =>
            rune != Rune.ReplacementChar && rune.Value != ByteOrderMarkReversed && (Rune.IsWhiteSpace(rune) || !Rune.IsControl(rune)));
        string name;
        // NFC puts marks into their order, after which a joiner may stand where it has no use any more.
        for (var next = readable; ; next = name)
        {
            name = CollapseWhiteSpace(RemoveStray(next)).Trim().Normalize(NormalizationForm.FormC);
            if (name == next) break;
        }

        return HasVisible(name) ? name : "";
    }
}
