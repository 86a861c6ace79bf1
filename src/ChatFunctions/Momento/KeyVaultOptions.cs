using System.ComponentModel.DataAnnotations;
using ChatFunctions.Settings;

namespace ChatFunctions.Momento;

/// <summary>The settings under <c>KeyVault</c>, which also take the options of the vault's client.</summary>
public sealed class KeyVaultOptions
{
    /// <summary>The vault that holds the Momento API key.</summary>
    [Required(ErrorMessage = "KeyVault:VaultUri is missing.")]
    [HttpsAddress("KeyVault:VaultUri")]
    public string VaultUri { get; set; } = "";

    /// <summary>The name of the secret.</summary>
    [RegularExpression("[0-9A-Za-z-]{1,127}", ErrorMessage = "KeyVault:MomentoApiKeySecret is not the name of a secret.")]
    public string MomentoApiKeySecret { get; set; } = "momento-api-key";

    /// <summary>How long the key is served from memory before it is read again.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00", ErrorMessage = "KeyVault:RefreshInterval must be from 00:00:10 to 1.00:00:00.")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);
}
