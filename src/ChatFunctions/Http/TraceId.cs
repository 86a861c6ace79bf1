using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Http;

/// <summary>What a request is called in its log line, in its trace and in its problem details.</summary>
public static class TraceId
{
    /// <returns>The trace id of W3C Trace Context, which the client may have sent; 32 hex digits.</returns>
    public static string Of(HttpContext http) => Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
}
