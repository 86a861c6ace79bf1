using System.Globalization;

namespace ChatFunctions.Text;

/// <summary>Texts by what a reader takes for a character: a letter with its accents, an emoji with its joiners.</summary>
public static class TextElements
{
    private const string CutMark = "…";

    /// <param name="maxLength">In UTF-16 units.</param>
    /// <returns>The text, or as much of it as fits with an ellipsis.</returns>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength) return text;
        var length = 0;
        while (true)
        {
            var next = length + StringInfo.GetNextTextElementLength(text, length);
            if (next > maxLength - CutMark.Length) return text[..length] + CutMark;
            length = next;
        }
    }
}
