using System.Globalization;
using System.Text;

namespace ChatFunctions.Text;

/// <summary>Texts by Unicode code point.</summary>
public static class RuneText
{
    public static string Keep(this string text, Func<Rune, bool> condition)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (condition(rune)) kept.Append(rune);
        }

        return kept.ToString();
    }

    /// <summary>Without ink of its own, it stands on, in or around the character before it.</summary>
    public static bool IsMark(this Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
