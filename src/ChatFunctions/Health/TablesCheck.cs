using ChatFunctions.Rooms;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatFunctions.Health;

/// <summary>Table Storage answers, and has the table.</summary>
public sealed class TablesCheck(PublicRoomStore rooms) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await rooms.ListAsync(NamePrefix.Any, after: null, limit: 1, cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
