using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ChatFunctions.Text;

/// <summary>
/// What a message says: 1 to 2,000 Unicode code points in NFC with at least one that can be seen, without control characters but line
/// breaks and tabs.
/// </summary>
public static class MessageText
{
    /// <summary>In Unicode code points.</summary>
    public const int MaxLength = 2000;

    /// <inheritdoc cref="TryParse(string?, int, out string?, out string?)"/>
    public static bool TryParse(string? sent, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error) =>
        TryParse(sent, MaxLength, out text, out error);

    /// <param name="sent">What the client sent.</param>
    /// <param name="maxLength">In Unicode code points.</param>
    /// <param name="text">As it is kept.</param>
    /// <param name="error">What is wrong with it, for a person.</param>
    public static bool TryParse(
        string? sent, int maxLength, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out string? error)
    {
        (text, error) = (null, null);
        if (sent is null) error = "is required";
        // Also what cannot be normalized, and so much that it is not worth the try.
        else if (sent.Length > 4 * maxLength) error = TooLong(maxLength);
        else if (UnicodeText.HasLoneSurrogate(sent) || sent.Contains(NameText.ByteOrderMarkReversed)) error = "must be valid Unicode text";
        else if (sent.Any(c => char.GetUnicodeCategory(c) == UnicodeCategory.Control && c is not ('\n' or '\r' or '\t')))
        {
            error = "must have no control characters but line breaks and tabs";
        }
        else if (!NameText.HasVisible(sent)) error = "must not be blank";
        else
        {
            var normalized = sent.Normalize(NormalizationForm.FormC);
            if (normalized.EnumerateRunes().Count() > maxLength) error = TooLong(maxLength);
            else text = normalized;
        }

        return text is not null;
    }

    private static string TooLong(int maxLength) => $"must have at most {maxLength} characters";
}
