using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace ChatFunctions;

/// <summary>Puts the <see cref="RequestPipeline"/> around every function with a request, under the Functions host.</summary>
public sealed class FunctionMiddleware(RequestPipeline pipeline) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) =>
        // A timer has no request, and nobody who makes one.
        context.GetHttpContext() is { } http ? AnswerAsync(http, context, next) : next(context);

    private async Task AnswerAsync(HttpContext http, FunctionContext context, FunctionExecutionDelegate next)
    {
        var result = await pipeline.RunAsync(http, context.FunctionDefinition.Name, async () =>
        {
            await next(context);
            return (IResult)context.GetInvocationResult().Value!;
        });
        // Setting the result without calling next is how the worker is told to answer in the function's place.
        context.GetInvocationResult().Value = new OpaqueResult(result);
    }

    /// <summary>
    /// Writes the answer, and shows nothing of it: after the HTTP answer the worker also serializes the public properties of a
    /// function's result into its RPC answer to the host, and with those of <c>GET /token</c> the token.
    /// </summary>
    private sealed class OpaqueResult(IResult result) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => result.ExecuteAsync(httpContext);
    }
}
