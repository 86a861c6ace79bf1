using ChatFunctions.Telemetry;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ChatFunctions.Local.Functions;

/// <summary>
/// Serves the app's functions on Kestrel, as the Functions host does with them when deployed: the same attributes, the same
/// host.json, the same pipeline around each. It also does the platform's part of CORS and of telemetry.
/// </summary>
public sealed class FunctionHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private FunctionHost(WebApplication app, Uri address) => (this.app, Address) = (app, address);

    /// <summary><c>http://localhost:port</c>.</summary>
    public Uri Address { get; }

    /// <param name="port">Where to listen.</param>
    /// <param name="settings">The app's settings.</param>
    /// <param name="webOrigins">The only origins whose pages may call, as the platform's CORS setting has it when deployed.</param>
    /// <param name="configure">Credentials, trust, time and logging of the machine that this runs on.</param>
    /// <exception cref="InvalidOperationException">A function has an authorization level other than anonymous: the platform
    /// would ask for keys, and clients have none.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is missing or wrong.</exception>
    /// <exception cref="PortTakenException">Another process has the port.</exception>
    public static async Task<FunctionHost> StartAsync(
        LocalPort port, IConfiguration settings, string[] webOrigins, Action<IServiceCollection> configure,
        CancellationToken cancellation = default)
    {
        var builder = LoopbackServer.CreateBuilder(port);
        builder.Configuration.AddConfiguration(settings);
        builder.Logging.AddConfiguration(settings.GetSection("Logging"));
        builder.Services.AddChat(builder.Configuration);
        builder.Services.AddTelemetryExport(builder.Configuration)
            ?.WithTracing(traces => traces.AddAspNetCoreInstrumentation())
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation());
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(web => web
            .WithOrigins(webOrigins).AllowAnyHeader().AllowAnyMethod()));
        builder.Services.AddSingleton<FunctionTimers>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FunctionTimers>());
        configure(builder.Services);

        var app = builder.Build();
        app.UseCors();
        app.Use(AnswerWrongMethodAsync);
        foreach (var function in HttpFunction.In(typeof(ChatServices).Assembly)) Map(app, function);
        return new FunctionHost(app, await LoopbackServer.StartAsync(app, port, cancellation));
    }

    /// <summary>Runs a function with a timer trigger now, whatever its schedule says.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task RunTimerAsync(string function, CancellationToken cancellation = default) =>
        app.Services.GetRequiredService<FunctionTimers>().RunAsync(function, cancellation);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static void Map(WebApplication app, HttpFunction function)
    {
        if (function.Level != AuthorizationLevel.Anonymous)
        {
            throw new InvalidOperationException(
                $"The function {function.Name} has the authorization level {function.Level}; it must be Anonymous.");
        }

        var pattern = RoutePatternFactory.Parse(function.Route);
        var endpoint = new RouteEndpointBuilder(null, pattern, order: 0);
        endpoint.FilterFactories.Add((_, next) => call => RunAsync(call, function.Name, next));
        // Compiled when it is called first: of many functions that takes longer than the rest of the start.
        var handler = new Lazy<RequestDelegate>(() => RequestDelegateFactory.Create(
            function.Method,
            http => ActivatorUtilities.CreateInstance(http.RequestServices, function.Method.DeclaringType!),
            new RequestDelegateFactoryOptions
            {
                ServiceProvider = app.Services,
                RouteParameterNames = pattern.Parameters.Select(parameter => parameter.Name),
                EndpointBuilder = endpoint,
            }).RequestDelegate);
        app.MapMethods(function.Route, function.Methods, http => handler.Value(http));
    }

    private static async ValueTask<object?> RunAsync(EndpointFilterInvocationContext call, string function, EndpointFilterDelegate next) =>
        await call.HttpContext.RequestServices.GetRequiredService<RequestPipeline>()
            .RunAsync(call.HttpContext, function, async () => (IResult)(await next(call))!);

    /// <summary>Kestrel's routing answers 405 where the Functions host answers 404.</summary>
    private static async Task AnswerWrongMethodAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response.StatusCode != StatusCodes.Status405MethodNotAllowed) return;
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.Headers.Allow = default;
    }
}
