using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatFunctions.Health;

/// <summary>Runs the health checks, and keeps their answer for some seconds: anyone may ask, and asking costs nothing.</summary>
public sealed class ReadinessProbe(HealthCheckService checks, TimeProvider time)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task<Readiness>? answer;
    private DateTimeOffset askAgainAt;

    public Task<Readiness> GetAsync(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (answer is null || (answer.IsCompleted && time.GetUtcNow() >= askAgainAt)) answer = CheckAsync();
            return answer.WaitAsync(cancellation);
        }
    }

    private async Task<Readiness> CheckAsync()
    {
        // Nothing of this runs under the lock.
        await Task.Yield();
        var report = await checks.CheckHealthAsync();
        lock (gate) askAgainAt = time.GetUtcNow() + KeepFor;
        var each = report.Entries.ToDictionary(check => check.Key, check => Readiness.Of(check.Value.Status == HealthStatus.Healthy));
        return new Readiness(Readiness.Of(report.Status == HealthStatus.Healthy), each);
    }
}
