using System.ComponentModel.DataAnnotations;
using Azure.Data.Tables;
using ChatFunctions.Settings;

namespace ChatFunctions.Tables;

/// <summary>The settings under <c>Tables</c>, one of the two, which also take the options of the tables' client.</summary>
public sealed class TablesOptions : IValidatableObject
{
    /// <summary>The address of Table Storage, which this app's identity may read and write.</summary>
    [HttpsAddress("Tables:ServiceUri", OrLoopback = true)]
    public string? ServiceUri { get; set; }

    /// <summary>For Azurite, which has no identities.</summary>
    public string? ConnectionString { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(ServiceUri) == string.IsNullOrEmpty(ConnectionString))
        {
            yield return new ValidationResult("One of Tables:ServiceUri and Tables:ConnectionString must be set, and only one.");
        }
        else if (!string.IsNullOrEmpty(ConnectionString) && !IsConnectionString(ConnectionString))
        {
            yield return new ValidationResult("Tables:ConnectionString must be one of Table Storage, over https except on loopback.");
        }
    }

    private static bool IsConnectionString(string connection)
    {
        try
        {
            return HttpsAddressAttribute.IsAllowed(new TableServiceClient(connection).Uri, orLoopback: true);
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
