using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace ChatFunctions.Moderation;

/// <summary>
/// Finds words, or several in a row, in texts, as whole words: <c>ass</c> is not in <c>class</c>. The time grows with the text as its
/// length does. Words in disguise, by look-alikes of other scripts or with something between their letters, are other words.
/// </summary>
public sealed class BlockedWords(IEnumerable<string> blocked)
{
    private readonly FrozenDictionary<string, string[][]> byFirstWord = blocked.Select(each => Words.Of(each).ToArray())
        .GroupBy(words => words[0]).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    public bool AreIn(string text)
    {
        var words = Words.Of(text);
        for (var at = 0; at < words.Count; at++)
        {
            if (byFirstWord.TryGetValue(words[at], out var starting) && StartsWithAny(CollectionsMarshal.AsSpan(words)[at..], starting)) return true;
        }

        return false;
    }

    private static bool StartsWithAny(ReadOnlySpan<string> words, string[][] starting)
    {
        foreach (var each in starting)
        {
            if (words.StartsWith(each)) return true;
        }

        return false;
    }
}
