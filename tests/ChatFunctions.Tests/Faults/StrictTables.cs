using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;

namespace ChatFunctions.Tests.Faults;

/// <summary>
/// Refuses the batches that Table Storage refuses and Azurite takes, or refuses otherwise:
/// https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions#requirements-for-entity-group-transactions.
/// </summary>
public sealed class StrictTables(HttpPipelineTransport inner) : WrappedTransport(inner)
{
    private const int MaxActions = 100;
    private const int MaxBytes = 4 * 1024 * 1024;

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        if (TableBatch.Is(message.Request) && await FindRefusalAsync(message) is { } refusal) message.Response = refusal;
        else await SendAsync(message);
    }

    private static async Task<MadeResponse?> FindRefusalAsync(HttpMessage message)
    {
        var body = new MemoryStream();
        await message.Request.Content!.WriteToAsync(body, message.CancellationToken);
        // Of the whole request, and not of an action.
        if (body.Length > MaxBytes)
        {
            return new MadeResponse(413, TableBatch.TableError(
                "RequestBodyTooLarge", "The request body is too large and exceeds the maximum permissible limit."));
        }

        var rows = TableBatch.RowsOf(Encoding.UTF8.GetString(body.ToArray()));
        if (rows.Count > MaxActions)
        {
            return TableBatch.Refusal(
                400, "InvalidInput", "The batch request operation exceeds the maximum 100 changes per change set.", MaxActions - 1);
        }

        for (var action = 1; action < rows.Count; action++)
        {
            if (rows[action].Partition != rows[0].Partition)
            {
                return TableBatch.Refusal(
                    400, "CommandsInBatchActOnDifferentPartitions", "All commands in a batch must operate on same entity group.", action);
            }

            if (rows.Take(action).Contains(rows[action]))
            {
                return TableBatch.Refusal(
                    400, "InvalidDuplicateRow",
                    "The batch request contains multiple changes with same row key. An entity can appear only once in a batch request.", action);
            }
        }

        return null;
    }
}
