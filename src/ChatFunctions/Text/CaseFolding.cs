using System.Text;

namespace ChatFunctions.Text;

/// <summary>
/// Unicode's canonical caseless form (The Unicode Standard, 3.13, D145): two texts that differ only in case or normalization
/// fold to the same. .NET maps one character to one; the few that grow are <see cref="Expansions"/>.
/// </summary>
public static class CaseFolding
{
    /// <summary>
    /// The entries of status F in Unicode's CaseFolding.txt whose canonical decomposition does not already fold right.
    /// </summary>
    private static readonly Dictionary<int, string> Expansions = new()
    {
        ['\u00DF'] = "ss", ['\u1E9E'] = "ss", // ß ẞ
        ['\u0149'] = "\u02BCn", ['\u1E9A'] = "a\u02BE", // ŉ ẚ
        ['\u0587'] = "\u0565\u0582", // the Armenian ligature ech yiwn
        ['\uFB00'] = "ff", ['\uFB01'] = "fi", ['\uFB02'] = "fl", ['\uFB03'] = "ffi", ['\uFB04'] = "ffl",
        ['\uFB05'] = "st", ['\uFB06'] = "st",
        ['\uFB13'] = "\u0574\u0576", ['\uFB14'] = "\u0574\u0565", ['\uFB15'] = "\u0574\u056B", ['\uFB16'] = "\u057E\u0576",
        ['\uFB17'] = "\u0574\u056D",
    };

    /// <returns>The folded text in NFC.</returns>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Expansions.TryGetValue(rune.Value, out var expansion)) folded.Append(expansion);
            // Up, then down: σ and ς, or s and ſ, share only their capital.
            else folded.Append(Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)));
        }

        return folded.ToString().Normalize(NormalizationForm.FormC);
    }
}
