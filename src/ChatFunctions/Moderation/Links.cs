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

    /// <summary>Browsers take a backslash for a slash.</summary>
    private static readonly SearchValues<char> Slashes = SearchValues.Create('/', '\\');

    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create("/\\?#\"'<>`|^{}");

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
        var link = text.AsSpan(at, Math.Min(text.Length - at, 2 * MaxAuthorityLength));
        if (link[0] is not ('w' or 'W')) return AuthorityOf(link[(link.IndexOf(':') + 1)..]).ToString();
        var isInWord = at > 0 && char.IsLetterOrDigit(text[at - 1]);
        return !isInWord && AuthorityOf(link) is { Length: > Www } authority ? authority.ToString() : "";
    }

    /// <summary>Before an @ stands what looks like a host, and is none.</summary>
    private static string? HostOf(string authority) =>
        authority.Length <= MaxAuthorityLength && !authority.Contains('@', StringComparison.Ordinal)
            && Uri.TryCreate($"https://{authority}/", UriKind.Absolute, out var address)
            ? address.IdnHost.TrimEnd('.')
            : null;

    private static ReadOnlySpan<char> AuthorityOf(ReadOnlySpan<char> link)
    {
        var start = link.IndexOfAnyExcept(Slashes);
        if (start < 0) return [];
        link = link[start..];
        var end = 0;
        while (end < link.Length && !AuthorityEnds.Contains(link[end]) && !char.IsWhiteSpace(link[end])) end++;
        // What ends a sentence, or a pair of brackets.
        return link[..end].TrimEnd(".,:;!?)]*_~…。");
    }
}
