using System.ComponentModel.DataAnnotations;
using ChatFunctions.Settings;

namespace ChatFunctions.Moderation;

/// <summary>
/// The settings under <c>Moderation:ContentSafety</c>. Those of a category say from which severity on a message is rejected: 2 is low, 4
/// medium, 6 high, and 7 is never said of any.
/// </summary>
public sealed class ContentSafetySettings
{
    private const string SeverityError = "Moderation:ContentSafety has a severity that is not from 1 to 7.";

    /// <summary><c>https://{name}.cognitiveservices.azure.com</c>: only an address with the resource's own name takes identities.</summary>
    [Required(ErrorMessage = "Moderation:ContentSafety:Endpoint is missing.")]
    [HttpsAddress("Moderation:ContentSafety:Endpoint")]
    public string Endpoint { get; set; } = "";

    /// <summary>How long one call may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "Moderation:ContentSafety:Timeout must be from 00:00:00.1 to 00:01:00.")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1.5);

    [Range(1, 7, ErrorMessage = SeverityError)]
    public int Hate { get; set; } = 4;

    [Range(1, 7, ErrorMessage = SeverityError)]
    public int SelfHarm { get; set; } = 4;

    [Range(1, 7, ErrorMessage = SeverityError)]
    public int Sexual { get; set; } = 4;

    [Range(1, 7, ErrorMessage = SeverityError)]
    public int Violence { get; set; } = 4;
}
