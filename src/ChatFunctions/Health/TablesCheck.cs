using Azure.Data.Tables;
using ChatFunctions.Tables;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChatFunctions.Health;

/// <summary>Table Storage answers, and has the tables.</summary>
public sealed class TablesCheck(TableServiceClient service) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(TableNames.All.Select(name => AskAsync(service.GetTableClient(name), cancellationToken)));
        return HealthCheckResult.Healthy();
    }

    /// <summary>A range that is empty: a point read is answered alike by a table that is missing and by one without the row.</summary>
    private static async Task AskAsync(TableClient table, CancellationToken cancellation) =>
        await table.QueryAsync<TableEntity>("PartitionKey eq ''", maxPerPage: 1, cancellationToken: cancellation).AnyAsync(cancellation);
}
