using ChatFunctions.Tests.Worker.Rpc;
using Microsoft.Extensions.Configuration;

namespace ChatFunctions.Tests.Worker.Host;

/// <summary>What the Functions host reads in an app's host.json.</summary>
public sealed class HostJson
{
    /// <param name="path">The file.</param>
    public HostJson(string path)
    {
        var file = new ConfigurationBuilder().AddJsonFile(path).Build();
        RoutePrefix = file["extensions:http:routePrefix"] ?? "api";
        FunctionLevel = Enum.Parse<RpcLog.Types.Level>(
            file["logging:logLevel:Function"] ?? file["logging:logLevel:default"] ?? nameof(RpcLog.Types.Level.Information));
    }

    /// <summary>Comes before the routes of all functions.</summary>
    public string RoutePrefix { get; }

    /// <summary>
    /// The least level that the host logs of what a worker says while it runs a function. The worker's own categories do not count
    /// there: the host's are <c>Function.{name}.User</c>.
    /// </summary>
    public RpcLog.Types.Level FunctionLevel { get; }
}
