using System.Text;
using ChatFunctions.Text;

namespace ChatFunctions.Moderation;

/// <summary>
/// A text as words: runs of letters, digits and their marks. In scripts that set no spaces between words each letter is one by itself, as
/// in Unicode's own boundaries (UAX #29), so that a word is found there wherever it stands.
/// </summary>
public static class Words
{
    /// <returns>Each folded: words that differ in case, in normalization, in width or font, or in what cannot be seen are the same.</returns>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isAlone = false;
        foreach (var rune in Fold(text).EnumerateRunes())
        {
            if (rune.IsMark())
            {
                if (word.Length > 0) word.Append(rune);
                continue;
            }

            var wasAlone = isAlone;
            isAlone = HasNoSpaces(rune);
            if (isAlone || wasAlone || !Rune.IsLetterOrDigit(rune)) End();
            if (Rune.IsLetterOrDigit(rune)) word.Append(rune);
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0) words.Add(word.ToString());
            word.Clear();
        }
    }

    private static string Fold(string text) => CaseFolding.Fold(Invisible.RemoveAll(text.Normalize(NormalizationForm.FormKC)));

    /// <summary>By block: Thai and Lao, Myanmar, Khmer, and the scripts of China and Japan.</summary>
    private static bool HasNoSpaces(Rune rune) => rune.Value
        is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x3FFFF);
}
