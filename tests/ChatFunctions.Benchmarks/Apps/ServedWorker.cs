using System.Text.Json;
using ChatFunctions.Benchmarks.Processes;
using ChatFunctions.Tests.Worker.Host;
using Microsoft.Extensions.Configuration;

namespace ChatFunctions.Benchmarks.Apps;

/// <summary>
/// A process that serves the app's build output in its real worker, a process of that one's own. It prints where it listens, and then
/// the worker's <see cref="Usage"/> whenever it is asked.
/// </summary>
internal static class ServedWorker
{
    public const string Command = "serve-worker";

    /// <param name="arguments">The app's settings, and environment variables.</param>
    public static async Task RunAsync(string[] arguments)
    {
        var settings = new ConfigurationBuilder().AddCommandLine(arguments).Build();
        await using var host = await WorkerHost.StartAsync(settings.AsEnumerable().Where(setting => setting.Value is not null));
        Console.WriteLine(host.Address);
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine(JsonSerializer.Serialize(Usage.Of(host.ProcessId)));
        }
    }
}
