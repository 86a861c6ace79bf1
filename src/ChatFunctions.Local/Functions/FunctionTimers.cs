namespace ChatFunctions.Local.Functions;

/// <summary>
/// Runs the app's functions with timer triggers at their times, by the app's clock. One is left out, as by the Functions host, where the
/// setting <c>AzureWebJobs.{name}.Disabled</c> is <c>true</c>.
/// </summary>
public sealed partial class FunctionTimers(
    IServiceProvider services, IConfiguration settings, TimeProvider time, ILogger<FunctionTimers> log) : BackgroundService
{
    private readonly IReadOnlyList<TimerFunction> functions = [.. TimerFunction.In(typeof(ChatServices).Assembly)];

    /// <summary>Runs one now, whatever its schedule says.</summary>
    /// <param name="function">Its name.</param>
    public Task RunAsync(string function, CancellationToken cancellation) =>
        functions.Single(each => each.Name == function).RunAsync(services, cancellation);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        functions.Where(function => !settings.GetValue<bool>($"AzureWebJobs.{function.Name}.Disabled"))
            .Select(function => RunByScheduleAsync(function, stoppingToken)));

    private async Task RunByScheduleAsync(TimerFunction function, CancellationToken stopping)
    {
        var last = DateTime.MinValue;
        while (true)
        {
            var now = time.GetUtcNow().UtcDateTime;
            // A wait may end a moment early, and the same time is not to come twice.
            last = function.Schedule.GetNextOccurrence(now > last ? now : last);
            await Task.Delay(last - now, time, stopping);
            try
            {
                await function.RunAsync(services, stopping);
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                LogFailed(function.Name, error);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The function {Function} failed.")]
    private partial void LogFailed(string function, Exception error);
}
