using System.Text;

namespace ChatFunctions.Text;

/// <summary>Characters that show nothing, though they are not white space: names that differ in them alone look the same.</summary>
public static class Invisible
{
    public const int ZeroWidthNonJoiner = 0x200C;
    public const int ZeroWidthJoiner = 0x200D;

    public static bool Is(Rune rune) => IsDefaultIgnorable(rune.Value) || IsBlank(rune.Value);

    /// <summary>
    /// Whether it may stand in a name, at the right place (see <see cref="NameText"/>): what joins the characters beside it or keeps
    /// them apart, chooses how the one before it is drawn, or names the region of a flag.
    /// </summary>
    public static bool MayBeUseful(Rune rune) =>
        rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner || IsVariationSelector(rune) || IsTag(rune);

    /// <summary>Of text or emoji, and of letters' forms. Those of ideographs and of Mongolian are not among them.</summary>
    public static bool IsVariationSelector(Rune rune) => rune.Value is >= 0xFE00 and <= 0xFE0F;

    public static bool IsTag(Rune rune) => rune.Value is >= 0xE0020 and <= 0xE007F;

    /// <returns>The text without any of them: what tells names apart.</returns>
    public static string RemoveAll(string text) => text.Keep(rune => !Is(rune));

    /// <summary>Unicode 17.0, DerivedCoreProperties.txt, Default_Ignorable_Code_Point. .NET does not tell it.</summary>
    private static bool IsDefaultIgnorable(int c) => c is 0x00AD or 0x034F or 0x061C
        or (>= 0x115F and <= 0x1160) or (>= 0x17B4 and <= 0x17B5) or (>= 0x180B and <= 0x180F)
        or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F)
        or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0xFFF0 and <= 0xFFF8)
        or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>
    /// Seen by nobody, though Unicode does not have them ignored: the Braille pattern without dots, the musical note without a head,
    /// and the marks around an annotation between lines.
    /// </summary>
    private static bool IsBlank(int c) => c is 0x2800 or 0x1D159 or (>= 0xFFF9 and <= 0xFFFB);
}
