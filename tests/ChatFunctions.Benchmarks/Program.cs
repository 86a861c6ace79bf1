using ChatFunctions.Benchmarks;
using ChatFunctions.Benchmarks.Apps;
using ChatFunctions.Benchmarks.Load;

switch (args)
{
    case [ServedApp.Command, .. var settings]:
        await ServedApp.RunAsync(settings);
        return 0;
    case [ServedWorker.Command, .. var settings]:
        await ServedWorker.RunAsync(settings);
        return 0;
    case [LoadProcess.Command]:
        await LoadProcess.ServeAsync();
        return 0;
    default:
        return await BenchmarkRun.RunAsync(args);
}
