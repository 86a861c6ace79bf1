using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace ChatFunctions.Local.Functions;

/// <summary>A function with an HTTP trigger, as its attributes tell it.</summary>
/// <param name="Name">The name in <c>[Function]</c>.</param>
/// <param name="Methods">The HTTP methods that it answers.</param>
/// <param name="Route">The route template, with the prefix of host.json.</param>
/// <param name="Level">Whose key the platform would ask for.</param>
/// <param name="Method">The method to run; its class is made for each request.</param>
public sealed record HttpFunction(string Name, string[] Methods, string Route, AuthorizationLevel Level, MethodInfo Method)
{
    /// <summary>All functions of an assembly.</summary>
    public static IEnumerable<HttpFunction> In(Assembly assembly)
    {
        var prefix = RoutePrefix();
        return from type in assembly.GetTypes()
               from method in type.GetMethods()
               let function = method.GetCustomAttribute<FunctionAttribute>()
               let triggers = method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
               let trigger = triggers.FirstOrDefault(each => each is not null)
               where function is not null && trigger is not null
               select new HttpFunction(
                   function.Name, trigger.Methods ?? [], $"{prefix}/{trigger.Route ?? function.Name}", trigger.AuthLevel, method);
    }

    /// <summary>As the Functions host reads it: <c>api</c> where host.json says nothing.</summary>
    private static string RoutePrefix()
    {
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "host.json")));
        return host.RootElement.TryGetProperty("extensions", out var extensions)
            && extensions.TryGetProperty("http", out var http)
            && http.TryGetProperty("routePrefix", out var prefix)
            ? prefix.GetString()!
            : "api";
    }
}
