using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ChatFunctions.Reactions;

/// <summary>The emoji of Unicode 16.0, by their code points in hex, joined by <c>-</c>: see emoji.mjs, which writes their list.</summary>
public static class Emoji
{
    /// <summary>The longest has ten code points.</summary>
    private const int MaxLength = 80;

    /// <summary>Has the character before it drawn as an emoji. Many who type one leave it out.</summary>
    private const string Presentation = "FE0F";

    /// <summary>Each as it is fully qualified, by what is left of it without <see cref="Presentation"/>, which is no other's.</summary>
    private static readonly FrozenDictionary<string, string> Qualified =
        Load().ToFrozenDictionary(each => each.Replace($"-{Presentation}", "", StringComparison.Ordinal));

    /// <param name="sent">Code points, in upper or lower case.</param>
    /// <param name="codePoints">The same emoji fully qualified, in upper case.</param>
    /// <param name="error">What is wrong, for a person.</param>
    public static bool TryParse(string sent, [NotNullWhen(true)] out string? codePoints, [NotNullWhen(false)] out string? error)
    {
        (codePoints, error) = (null, null);
        var parts = sent.Length <= MaxLength ? sent.ToUpperInvariant().Split('-') : [];
        for (var index = 0; index < parts.Length; index++) parts[index] = parts[index].PadLeft(4, '0');
        var found = Qualified.GetValueOrDefault(string.Join('-', parts.Where(part => part != Presentation)));
        if (found is not null && IsLessQualified(parts, found.Split('-'))) codePoints = found;
        else error = "must be the code points of one emoji of Unicode 16.0 in hex, joined by \"-\", such as 2764-FE0F";
        return codePoints is not null;
    }

    /// <returns>The emoji itself.</returns>
    public static string TextOf(string codePoints) => string.Concat(
        codePoints.Split('-').Select(hex => char.ConvertFromUtf32(int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))));

    /// <returns>Whether some of what is to be drawn as an emoji does not say so, and nothing else differs.</returns>
    private static bool IsLessQualified(string[] sent, string[] qualified)
    {
        var index = 0;
        foreach (var part in qualified)
        {
            if (index < sent.Length && sent[index] == part) index++;
            else if (part != Presentation) return false;
        }

        return index == sent.Length;
    }

    private static IEnumerable<string> Load()
    {
        using var lines = new StreamReader(typeof(Emoji).Assembly.GetManifestResourceStream("emoji.txt")!);
        while (lines.ReadLine() is { } line) yield return line;
    }
}
