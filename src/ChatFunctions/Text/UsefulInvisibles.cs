using System.Globalization;
using System.Text;

namespace ChatFunctions.Text;

/// <summary>Where an invisible character has a use: inside an emoji (UTS #51), or inside a word of a script that needs it.</summary>
public static class UsefulInvisibles
{
    private const int BlackFlag = 0x1F3F4;
    private const int CancelTag = 0xE007F;

    /// <param name="text">Code points.</param>
    /// <param name="index">Where one of them is invisible.</param>
    public static bool IsUseful(ReadOnlySpan<Rune> text, int index) => text[index].Value switch
    {
        Invisible.ZeroWidthJoiner => JoinsPictures(text, index) || IsInWord(text, index),
        Invisible.ZeroWidthNonJoiner => IsInWord(text, index),
        _ when Invisible.IsVariationSelector(text[index]) => index > 0 && NameText.IsVisible(text[index - 1]),
        _ when Invisible.IsTag(text[index]) => IsInFlag(text, index),
        _ => false,
    };

    /// <summary>
    /// As a family is joined of persons. .NET tells pictographs by this alone: with a joiner two are one text element, without it two.
    /// </summary>
    private static bool JoinsPictures(ReadOnlySpan<Rune> text, int index)
    {
        var left = index - 1;
        if (left > 0 && (Invisible.IsVariationSelector(text[left]) || IsSkinTone(text[left]))) left--;
        if (left < 0 || index + 1 == text.Length) return false;
        var (one, joiner, other) = (text[left].ToString(), text[index], text[index + 1]);
        return StringInfo.GetNextTextElementLength($"{one}{other}") == one.Length
            && StringInfo.GetNextTextElementLength($"{one}{joiner}{other}") > one.Length + joiner.Utf16SequenceLength;
    }

    private static bool IsSkinTone(Rune rune) => rune.Value is >= 0x1F3FB and <= 0x1F3FF;

    /// <summary>
    /// Between letters that it joins or keeps from joining, whatever marks they bear; or after a virama, whose shape it chooses.
    /// </summary>
    private static bool IsInWord(ReadOnlySpan<Rune> text, int index)
    {
        var (left, right) = (index - 1, index + 1);
        while (left >= 0 && text[left].IsMark()) left--;
        if (left < 0 || !IsJoining(text[left])) return false;
        if (IsVirama(text[index - 1])) return true;
        while (right < text.Length && text[right].IsMark()) right++;
        return right < text.Length && IsJoining(text[right]);
    }

    /// <summary>
    /// A letter of the scripts that join their letters, by block: Arabic, Syriac and their kin, those of India with Sinhala, Myanmar,
    /// and Khmer with Mongolian.
    /// </summary>
    private static bool IsJoining(Rune rune) => Rune.IsLetter(rune) && rune.Value
        is (>= 0x0600 and <= 0x08FF) or (>= 0x0900 and <= 0x0DFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x18AF);

    /// <summary>RFC 5892, A.1 and A.2. From Devanagari to Malayalam it has the same place in each block; then Sinhala's.</summary>
    private static bool IsVirama(Rune rune) =>
        rune.Value == 0x0DCA || (rune.Value is >= 0x0900 and <= 0x0D7F && (rune.Value & 0x7F) == 0x4D);

    /// <summary>Of England and the like: a black flag, then a region's code in tags, of 3 to 7 letters and digits, and an end.</summary>
    private static bool IsInFlag(ReadOnlySpan<Rune> text, int index)
    {
        var (first, last) = (index, index);
        while (first > 0 && Invisible.IsTag(text[first - 1])) first--;
        while (last + 1 < text.Length && Invisible.IsTag(text[last + 1])) last++;
        if (first == 0 || text[first - 1].Value != BlackFlag) return false;
        if (last - first is < 3 or > 7 || text[last].Value != CancelTag) return false;
        foreach (var tag in text[first..last])
        {
            if (tag.Value is not ((>= 0xE0030 and <= 0xE0039) or (>= 0xE0061 and <= 0xE007A))) return false;
        }

        return true;
    }
}
