using System.Text.Json;
using ChatFunctions.Tests.Worker.Rpc;

namespace ChatFunctions.Tests.Worker.Host;

/// <summary>A function, as the worker reports it.</summary>
/// <param name="Id">Made by the worker.</param>
/// <param name="Name">The name in <c>[Function]</c>.</param>
/// <param name="Trigger">The binding that starts it, such as <c>httpTrigger</c> or <c>timerTrigger</c>.</param>
public sealed record WorkerFunction(string Id, string Name, JsonElement Trigger)
{
    public bool IsHttp => Trigger.GetProperty("type").ValueEquals("httpTrigger");

    /// <summary>The name of the parameter that takes the trigger's data.</summary>
    public string Parameter => Trigger.GetProperty("name").GetString()!;

    /// <summary>Of an HTTP function, without the host's prefix.</summary>
    public string Route => Trigger.GetProperty("route").GetString()!;

    /// <summary>Of an HTTP function, in lower case.</summary>
    public IEnumerable<string> Methods => Trigger.GetProperty("methods").EnumerateArray().Select(method => method.GetString()!);

    /// <summary>Of an HTTP function: whose key the host asks for.</summary>
    public string AuthLevel => Trigger.GetProperty("authLevel").GetString()!;

    public static WorkerFunction From(RpcFunctionMetadata metadata)
    {
        var bindings = metadata.RawBindings.Select(binding => JsonElement.Parse(binding));
        var trigger = bindings.Single(binding => binding.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal));
        return new WorkerFunction(metadata.FunctionId, metadata.Name, trigger);
    }
}
