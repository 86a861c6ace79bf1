using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Moderation;

/// <summary>The settings under <c>Moderation</c>.</summary>
public sealed class ModerationOptions : IValidatableObject
{
    /// <summary>Also of a word with spaces in it.</summary>
    private const int MaxWordLength = 100;

    [EnumDataType(typeof(ReviewFailure), ErrorMessage = "Moderation:WhenReviewFails must be Reject or Accept.")]
    public ReviewFailure WhenReviewFails { get; set; }

    /// <summary>How long one review may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Moderation:ReviewTimeout must be from 00:00:00.1 to 00:01:00.")]
    public TimeSpan ReviewTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Words, or several in a row, that no message may have: see <see cref="BlockedWords"/>.</summary>
    public string[] BlockedWords { get; set; } = [];

    /// <summary>Whether no message may have a link, but to <see cref="AllowedLinkHosts"/>.</summary>
    public bool BlockLinks { get; set; }

    /// <summary>Names of hosts, without a port. Each stands for the hosts below it, too.</summary>
    public string[] AllowedLinkHosts { get; set; } = [];

    /// <summary>Null where Azure AI Content Safety is not asked.</summary>
    [ValidateObjectMembers]
    public ContentSafetySettings? ContentSafety { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BlockedWords.Any(word => word.Length > MaxWordLength || Words.Of(word).Count == 0))
        {
            yield return new ValidationResult($"Moderation:BlockedWords must be words of at most {MaxWordLength} characters.");
        }

        if (AllowedLinkHosts.Any(host => Uri.CheckHostName(host) == UriHostNameType.Unknown))
        {
            yield return new ValidationResult("Moderation:AllowedLinkHosts must be names of hosts, such as example.org.");
        }

        if (AllowedLinkHosts.Length > 0 && !BlockLinks)
        {
            yield return new ValidationResult("Moderation:AllowedLinkHosts are the exceptions of Moderation:BlockLinks, which must be true.");
        }
    }
}
