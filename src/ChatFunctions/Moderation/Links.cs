using System.Buffers;

namespace ChatFunctions.Moderation;

/// <summary>
/// Finds links in texts: whatever names a scheme, as <c>https://</c> does, and what begins with <c>www.</c>. Of one within another each
/// counts. A name of a host alone is none, since so is <c>node.js</c>.
/// </summary>
public static class Links
{
    /// <summary>Far longer than any host with its port.</summary>
    private const int MaxAuthorityLength = 300;

    /// <summary>The length of <c>www.</c>.</summary>
    private const int Www = 4;

    /// <summary>Browsers follow http and https without slashes, too.</summary>
    private static readonly SearchValues<string> Beginnings =
        SearchValues.Create(["http:", "https:", "://", "www."], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create(
        [.. "/\\?#\"'<>`|^{}", .. Enumerable.Range(0, char.MaxValue).Select(c => (char)c).Where(char.IsWhiteSpace)]);

    /// <returns>The host of each link, in lower case and as IDNA spells it; null of one that no browser should be sent to.</returns>
    public static IEnumerable<string?> HostsIn(string text)
    {
        for (var at = NextFrom(text, 0); at >= 0; at = NextFrom(text, at + 1))
        {
            if (AuthorityAt(text, at) is { Length: > 0 } authority) yield return HostOf(authority);
        }
    }

    private static int NextFrom(string text, int start)
    {
        var found = text.AsSpan(start).IndexOfAny(Beginnings);
        return found < 0 ? -1 : start + found;
    }

    /// <returns>Empty where no link begins after all.</returns>
    private static string AuthorityAt(string text, int at)
    {
        var isWww = text[at] is 'w' or 'W';
        if (isWww && at > 0 && char.IsLetterOrDigit(text[at - 1])) return "";
        // Browsers take any number of slashes, and backslashes for slashes.
        var link = isWww ? text.AsSpan(at) : text.AsSpan(text.IndexOf(':', at) + 1).TrimStart("/\\");
        var longest = link[..Math.Min(link.Length, MaxAuthorityLength + 1)];
        var end = longest.IndexOfAny(AuthorityEnds);
        if (end < 0 && longest.Length > MaxAuthorityLength) return longest.ToString();
        // Without what ends a sentence, or a pair of brackets.
        var authority = (end < 0 ? longest : longest[..end]).TrimEnd(".,:;!?)]*_~…。");
        return isWww && authority.Length <= Www ? "" : authority.ToString();
    }

    private static string? HostOf(string authority)
    {
        // Before an @ stands what looks like a host, and is none.
        if (authority.Length > MaxAuthorityLength || authority.Contains('@', StringComparison.Ordinal)) return null;
        try
        {
            return new Uri($"https://{authority}/").IdnHost.TrimEnd('.');
        }
        catch (UriFormatException)
        {
            return null;
        }
    }
}
