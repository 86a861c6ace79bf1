using Microsoft.AspNetCore.Http;

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>Nothing makes one here: the worker does that.</summary>
    public abstract class FunctionContext
    {
        // The package's class has more to override: what derives from this one would not compile there.
        private protected FunctionContext() { }

        public abstract FunctionDefinition FunctionDefinition { get; }
    }

    public abstract class FunctionDefinition
    {
        private protected FunctionDefinition() { }

        public abstract string Name { get; }
    }

    public abstract class InvocationResult
    {
        private protected InvocationResult() { }

        public abstract object? Value { get; set; }
    }

    public static class FunctionContextExtensions
    {
        public static InvocationResult GetInvocationResult(this FunctionContext context) =>
            throw new NotSupportedException(FunctionsWorkerPackage.Missing);

        public static HttpContext? GetHttpContext(this FunctionContext context) =>
            throw new NotSupportedException(FunctionsWorkerPackage.Missing);
    }
}

namespace Microsoft.Azure.Functions.Worker.Middleware
{
    public delegate Task FunctionExecutionDelegate(FunctionContext context);

    public interface IFunctionsWorkerMiddleware
    {
        Task Invoke(FunctionContext context, FunctionExecutionDelegate next);
    }
}
