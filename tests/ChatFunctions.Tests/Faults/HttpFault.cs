using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Faults;

/// <summary>What an <see cref="HttpFaultProxy"/> does with a request, instead of passing it on and its answer back.</summary>
/// <param name="http">The request, and the answer to it.</param>
/// <param name="pass">Passes the request on. The answer is whole.</param>
public delegate Task HttpFault(HttpContext http, Func<Task<HttpResponseMessage>> pass);

/// <summary>The faults that services and networks have.</summary>
public static class HttpFaults
{
    /// <summary>The connection is reset, and the service knows nothing of the request.</summary>
    public static HttpFault Reset { get; } = (http, _) =>
    {
        http.Abort();
        return Task.CompletedTask;
    };

    /// <summary>The service has done what was asked when the connection is reset.</summary>
    public static HttpFault LostAnswer { get; } = async (http, pass) =>
    {
        using var lost = await pass();
        http.Abort();
    };

    /// <summary>The connection is reset after half of the answer: one without a body is whole then.</summary>
    public static HttpFault HalfAnswer { get; } = async (http, pass) =>
    {
        using var answer = await pass();
        var body = await answer.Content.ReadAsByteArrayAsync();
        HttpFaultProxy.WriteHead(http, answer);
        await http.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
        await http.Response.Body.FlushAsync();
        http.Abort();
    };

    /// <summary>Nothing comes, until the client gives up.</summary>
    public static HttpFault NoAnswer { get; } = (http, _) => Task.Delay(Timeout.Infinite, http.RequestAborted);

    /// <summary>The service answers with an error of its own.</summary>
    /// <param name="status">Of HTTP.</param>
    /// <param name="body">JSON.</param>
    /// <param name="retryAfter">In seconds.</param>
    public static HttpFault Error(int status, string body, int? retryAfter = null) => async (http, _) =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter.Value.ToString(CultureInfo.InvariantCulture);
        await http.Response.WriteAsync(body);
    };

    /// <summary>An error of Table Storage: https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes.</summary>
    public static HttpFault TableError(int status, string code, int? retryAfter = null) => Error(
        status, $$"""{ "odata.error": { "code": "{{code}}", "message": { "lang": "en-US", "value": "It is a test." } } }""", retryAfter);

    /// <summary>An error of Key Vault: https://learn.microsoft.com/azure/key-vault/general/rest-error-codes.</summary>
    public static HttpFault VaultError(int status, string code, int? retryAfter = null) =>
        Error(status, $$"""{ "error": { "code": "{{code}}", "message": "It is a test." } }""", retryAfter);

    /// <summary>A gRPC status without a message, which goes into the headers.</summary>
    public static HttpFault GrpcError(StatusCode status) => (http, _) =>
    {
        http.Response.ContentType = "application/grpc";
        http.Response.Headers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    };
}
