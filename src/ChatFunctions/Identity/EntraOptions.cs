using System.ComponentModel.DataAnnotations;
using ChatFunctions.Settings;

namespace ChatFunctions.Identity;

/// <summary>The settings under <c>Entra</c>: whose access tokens are good here.</summary>
public sealed class EntraOptions : IValidatableObject
{
    /// <summary>
    /// <c>https://login.microsoftonline.com/{tenant id}/v2.0</c>, or for External ID
    /// <c>https://{tenant id}.ciamlogin.com/{tenant id}/v2.0</c>. Plain http on loopback only.
    /// </summary>
    [Required(ErrorMessage = "Entra:Authority is missing.")]
    [HttpsAddress("Entra:Authority", OrLoopback = true)]
    public string Authority { get; set; } = "";

    /// <summary>The values of <c>aud</c> that are good: the client id of the API's registration, and its <c>api://</c> form.</summary>
    [MinLength(1, ErrorMessage = "Entra:Audiences is missing.")]
    public string[] Audiences { get; set; } = [];

    /// <summary>The scope that a user has granted to the client, one of the values of <c>scp</c>.</summary>
    [Required(ErrorMessage = "Entra:RequiredScope is empty.")]
    public string RequiredScope { get; set; } = "Chat.Access";

    /// <summary>The tenant in <see cref="Authority"/>, whose users may call.</summary>
    /// <returns>Empty if there is none.</returns>
    public Guid GetTenantId() =>
        Guid.TryParseExact(new Uri(Authority).Segments.ElementAtOrDefault(1)?.TrimEnd('/'), "D", out var tenant) ? tenant : Guid.Empty;

    /// <summary>
    /// The tokens of <c>/common</c> and <c>/organizations</c> are of any tenant at all; and what is empty among the audiences was meant
    /// to be something.
    /// </summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (GetTenantId() == Guid.Empty) yield return new ValidationResult("Entra:Authority must name one tenant by its id.");
        if (Audiences.Any(string.IsNullOrWhiteSpace)) yield return new ValidationResult("Entra:Audiences has an empty entry.");
    }
}
