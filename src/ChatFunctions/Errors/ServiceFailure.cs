using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Microsoft.Identity.Client;
using Momento.Sdk.Exceptions;

namespace ChatFunctions.Errors;

/// <summary>
/// Tells which service has failed, and whether that may pass by waiting. It may where the service is busy, down or silent; a service
/// that refuses what it is asked has been asked, or set up, wrongly, and waiting does not help.
/// </summary>
public sealed class ServiceFailure(TimeProvider time)
{
    public const string TableStorage = "Table Storage";
    public const string KeyVault = "Key Vault";
    public const string Momento = "Momento";

    /// <summary>Where the app's identity gets its tokens.</summary>
    public const string EntraId = "Entra ID (managed identity)";

    /// <summary>So long after a role is assigned, services may still refuse who has it: the app's roles are made when it is deployed.</summary>
    private static readonly TimeSpan RolesSpread = TimeSpan.FromMinutes(10);

    private readonly long start = time.GetTimestamp();

    /// <param name="error">What came out of a client.</param>
    /// <param name="service">Whose client it was.</param>
    /// <returns>The service that failed; null where the error is of this app.</returns>
    public static string? ServiceOf(Exception error, string service) => error switch
    {
        NoAnswerException none => none.Service,
        AuthenticationFailedException => EntraId,
        // What a client of Azure throws after several tries.
        AggregateException tries => tries.Flatten().InnerExceptions.OfType<AuthenticationFailedException>().Any() ? EntraId : service,
        // A connection that is reset comes through as any of the last three.
        RequestFailedException or OperationCanceledException or SocketException or IOException or HttpRequestException => service,
        _ => null,
    };

    /// <summary>Of several tries, each decides.</summary>
    public bool MayPass(Exception error) => error switch
    {
        AggregateException tries => tries.Flatten().InnerExceptions.All(MayPass),
        AuthenticationFailedException { InnerException: { } cause } => MayPass(cause),
        // There is no endpoint that answers.
        CredentialUnavailableException => true,
        RequestFailedException refused => MayPass(refused.Status),
        // Of a managed identity's endpoint. Not every refusal of it has its status here.
        MsalServiceException refused => refused.ErrorCode == MsalError.ManagedIdentityUnreachableNetwork
            || (refused.StatusCode != 0 && MayPass(refused.StatusCode)),
        SdkException momento => MayPass(momento.ErrorCode),
        OperationCanceledException or SocketException or IOException or HttpRequestException => true,
        _ => false,
    };

    /// <param name="status">Of HTTP; 0 where no answer came.</param>
    private bool MayPass(int status) =>
        status is 0 or 408 or 429 or >= 500 || (status == 403 && time.GetElapsedTime(start) < RolesSpread);

    /// <summary>A key that is refused may pass, too: it has been rotated, and the vault is asked again within seconds.</summary>
    private static bool MayPass(MomentoErrorCode code) => code
        is MomentoErrorCode.SERVER_UNAVAILABLE or MomentoErrorCode.TIMEOUT_ERROR or MomentoErrorCode.LIMIT_EXCEEDED_ERROR
        or MomentoErrorCode.INTERNAL_SERVER_ERROR or MomentoErrorCode.UNKNOWN_SERVICE_ERROR or MomentoErrorCode.UNKNOWN_ERROR
        or MomentoErrorCode.CANCELLED_ERROR or MomentoErrorCode.AUTHENTICATION_ERROR;
}
