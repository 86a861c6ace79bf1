using ChatFunctions;
using ChatFunctions.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<FunctionMiddleware>();
builder.Services.AddChat(builder.Configuration);
builder.Build().Run();
