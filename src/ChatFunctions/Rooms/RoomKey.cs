using System.Globalization;
using System.Text;
using ChatFunctions.Text;

namespace ChatFunctions.Rooms;

/// <summary>
/// The table key of a public room, which is its <c>chatId</c> too: its folded name in characters that are safe in table keys
/// (which forbid <c>/ \ # ?</c> and controls) and in URLs, readable for plain names, and sorting as the name sorts.
/// <c>-</c>, digits and <c>a</c> to <c>z</c> stand for themselves. Any other code point is written as a marker and its number
/// in hex: the marker <c>!</c>, <c>.</c>, <c>_</c> or <c>~</c> is the one that lies in the same gap between those
/// characters, so keys compare as their code points do.
/// <example><c>general-2</c> is itself, <c>#general</c> is <c>!23general</c>, <c>a/b?</c> is <c>a.2fb_3f</c>.</example>
/// </summary>
public static class RoomKey
{
    /// <summary>In characters: Table Storage allows a key 1 KiB of UTF-16.</summary>
    public const int MaxLength = 512;

    /// <summary>Follows every key with the given beginning: a marker is always followed by a digit.</summary>
    public static string End(string prefix) => prefix + "~~";

    /// <returns>The key of a name or of a name's beginning; a long name of rare characters may exceed <see cref="MaxLength"/>.</returns>
    public static string Encode(string name)
    {
        var key = new StringBuilder(name.Length);
        foreach (var rune in CaseFolding.Fold(name).EnumerateRunes())
        {
            if (IsPlain(rune.Value)) key.Append((char)rune.Value);
            else key.Append(Escape(rune.Value));
        }

        return key.ToString();
    }

    /// <summary>Whether this could be a key: what clients send is asked before it reaches a query.</summary>
    public static bool IsValid(string key) =>
        key.Length is > 0 and <= MaxLength && key.All(c => IsPlain(c) || c is '!' or '.' or '_' or '~');

    private static bool IsPlain(int c) => c is '-' or (>= '0' and <= '9') or (>= 'a' and <= 'z');

    private static string Escape(int c) => c switch
    {
        < '-' => string.Create(CultureInfo.InvariantCulture, $"!{c:x2}"),
        < '0' => string.Create(CultureInfo.InvariantCulture, $".{c:x2}"),
        < 'a' => string.Create(CultureInfo.InvariantCulture, $"_{c:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"~{c:x6}"),
    };
}
