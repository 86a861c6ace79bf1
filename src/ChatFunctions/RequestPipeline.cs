using System.Collections.Frozen;
using System.Diagnostics;
using ChatFunctions.Errors;
using ChatFunctions.Health;
using ChatFunctions.Http;
using ChatFunctions.Identity;
using ChatFunctions.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatFunctions;

/// <summary>
/// What happens around every function, whatever hosts it: the caller is known before the function runs, the request has a
/// deadline, and whatever goes wrong becomes an answer.
/// </summary>
public sealed partial class RequestPipeline(
    Authenticator authenticator, ServiceFailure failures, IOptions<HttpOptions> options, TimeProvider time, ILogger<RequestPipeline> log)
{
    /// <summary>The only functions that run without a caller. A new function is not among them.</summary>
    public static readonly FrozenSet<string> Anonymous = [nameof(Live), nameof(Ready), nameof(OpenApi)];

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly WriteLimits writeLimits = new(options.Value, time);
    private readonly CallerLimit readLimit = new(options.Value.ReadTransactionsPerCallerPerMinute, time);

    /// <param name="http">The request; its <see cref="HttpContext.RequestAborted"/> also ends at the deadline while this runs.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="next">Runs the function, which finds who calls with <see cref="Caller.Of"/>.</param>
    /// <returns>The answer, not yet written. Never throws.</returns>
    public async Task<IResult> RunAsync(HttpContext http, string function, Func<Task<IResult>> next)
    {
        var start = time.GetTimestamp();
        using var trace = RequestTrace.Begin(http);
        var result = await AnswerAsync(http, function, next);
        Log(http, function, result, time.GetElapsedTime(start));
        return result;
    }

    private async Task<IResult> AnswerAsync(HttpContext http, string function, Func<Task<IResult>> next)
    {
        // The platform's CORS cannot expose headers: without this a browser sees none of them.
        http.Response.Headers.AccessControlExposeHeaders = "ETag, Link, Location, Retry-After";
        var clientAborted = http.RequestAborted;
        using var timeout = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(clientAborted, timeout.Token);
        http.RequestAborted = deadline.Token;
        try
        {
            if (Anonymous.Contains(function)) return await next();
            var caller = await IdentifyAsync(http);
            return HttpMethods.IsGet(http.Request.Method) ? await ReadAsync(caller, next) : await WriteAsync(caller, function, next);
        }
        catch (ChatException error)
        {
            return new Problem(error);
        }
        catch (BadHttpRequestException error)
        {
            return new Problem(new ChatException(ErrorCode.MalformedBody, error));
        }
        // Nobody waits for the answer any more, so it does not matter how the work ended.
        catch (Exception) when (clientAborted.IsCancellationRequested)
        {
            return TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
        catch (Exception error)
        {
            return new Problem(Explain(error, function));
        }
        finally
        {
            http.RequestAborted = clientAborted;
        }
    }

    /// <summary>
    /// Each other service is named where it is called. Table Storage is called in many places, and what its client throws comes here as it
    /// is; so does what the deadline throws.
    /// </summary>
    private ChatException Explain(Exception error, string function)
    {
        var service = ServiceFailure.ServiceOf(error, ServiceFailure.TableStorage);
        if (service is null)
        {
            LogUnexpected(function, error);
            return new ChatException(ErrorCode.Unexpected, error);
        }

        if (failures.MayPass(error))
        {
            LogUnavailable(function, service, error);
            return ChatException.Unavailable(RetryAfter, error);
        }

        LogRefused(function, service, error);
        return new ChatException(ErrorCode.Unexpected, error);
    }

    private async Task<Caller> IdentifyAsync(HttpContext http)
    {
        var caller = await authenticator.AuthenticateAsync(http);
        http.Features.Set(caller);
        Activity.Current?.SetTag("enduser.pseudo.id", caller.ShortId);
        return caller;
    }

    /// <summary>Whatever becomes of a write, it counts.</summary>
    private Task<IResult> WriteAsync(Caller caller, string function, Func<Task<IResult>> next)
    {
        writeLimits.Of(function).Take(caller);
        return next();
    }

    /// <summary>A read counts for as much as it costs, which is known once it is done.</summary>
    private async Task<IResult> ReadAsync(Caller caller, Func<Task<IResult>> next)
    {
        readLimit.Take(caller);
        var transactions = TransactionCount.Begin();
        try
        {
            return await next();
        }
        finally
        {
            if (transactions.Value == 0) readLimit.GiveBack(caller);
            else readLimit.Add(caller, transactions.Value - 1);
        }
    }

    /// <summary>The one line of a request. Probes, which come every few seconds, are logged where somebody looks closer.</summary>
    private void Log(HttpContext http, string function, IResult result, TimeSpan duration)
    {
        var level = Anonymous.Contains(function) ? LogLevel.Debug : LogLevel.Information;
        if (!log.IsEnabled(level)) return;
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? function;
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        var caller = http.Features.Get<Caller>()?.ShortId ?? "nobody";
        LogRequest(level, http.Request.Method, route, status, duration.TotalMilliseconds, caller, http.TraceIdentifier);
    }

    [LoggerMessage(EventName = "Request", Message = "{Method} {Route} {Status} in {Duration:F1} ms for {Caller}, trace {TraceId}.")]
    private partial void LogRequest(
        LogLevel level, string method, string route, int status, double duration, string caller, string traceId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function}: {Service} does not answer, or not now.")]
    private partial void LogUnavailable(string function, string service, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function}: {Service} refuses what this app asks.")]
    private partial void LogRefused(string function, string service, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Function} failed.")]
    private partial void LogUnexpected(string function, Exception error);
}
