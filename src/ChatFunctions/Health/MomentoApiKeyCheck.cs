using ChatFunctions.Momento;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatFunctions.Health;

/// <summary>There is a Momento API key, in memory or in the vault.</summary>
public sealed class MomentoApiKeyCheck(MomentoClientSource clients) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await clients.GetAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
