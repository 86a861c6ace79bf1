using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker
{
    /// <summary>What this stand-in says when somebody needs the real worker.</summary>
    internal static class FunctionsWorkerPackage
    {
        /// <summary>Also the error of <c>dotnet publish</c>, in Packages.targets.</summary>
        public const string Missing =
            "The package sources that this was built with do not serve Microsoft.Azure.Functions.Worker, so the Functions host cannot run it. " +
            "What runs here: dotnet run --project src/ChatFunctions.Local";
    }

    public interface IFunctionsWorkerApplicationBuilder
    {
        IServiceCollection Services { get; }
    }
}

namespace Microsoft.Azure.Functions.Worker.Builder
{
    public static class FunctionsApplication
    {
        /// <exception cref="NotSupportedException">Always: only the real worker can talk to the Functions host.</exception>
        public static FunctionsApplicationBuilder CreateBuilder(string[] args) => throw new NotSupportedException(FunctionsWorkerPackage.Missing);
    }

    public abstract class FunctionsApplicationBuilder : IFunctionsWorkerApplicationBuilder
    {
        private protected FunctionsApplicationBuilder() { }

        public abstract IServiceCollection Services { get; }

        public abstract ConfigurationManager Configuration { get; }

        public abstract Microsoft.Extensions.Hosting.IHost Build();
    }

    public static class FunctionsApplicationBuilderAspNetCoreExtensions
    {
        public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => builder;
    }
}

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry
{
    public static class OpenTelemetryBuilderExtensions
    {
        public static global::OpenTelemetry.IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this global::OpenTelemetry.IOpenTelemetryBuilder builder) =>
            builder;
    }
}

namespace Microsoft.Extensions.Hosting
{
    public static class MiddlewareWorkerApplicationBuilderExtensions
    {
        public static IFunctionsWorkerApplicationBuilder UseMiddleware<T>(this IFunctionsWorkerApplicationBuilder builder)
            where T : class, IFunctionsWorkerMiddleware => builder;
    }
}
