using ChatFunctions;
using ChatFunctions.Http;
using ChatFunctions.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<FunctionMiddleware>();
builder.Services.AddChat(builder.Configuration);
// With it the Functions host leaves the worker's logs to the worker.
builder.Services.AddTelemetryExport(builder.Configuration)?.UseFunctionsWorkerDefaults();
builder.Build().Run();
