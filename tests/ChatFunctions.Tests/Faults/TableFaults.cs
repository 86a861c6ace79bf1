using Azure;
using Azure.Core;

namespace ChatFunctions.Tests.Faults;

/// <summary>What a <see cref="TableWire"/> does with a request, instead of passing it on and its answer back.</summary>
/// <param name="message">The request, and the place of its answer.</param>
/// <param name="wire">Passes it on.</param>
public delegate ValueTask TableFault(HttpMessage message, TableWire wire);

/// <summary>What Table Storage does on a bad day.</summary>
public static class TableFaults
{
    /// <summary>Each kind of fault, and which requests it is for: null for all.</summary>
    public static IReadOnlyDictionary<string, (TableFault Fault, Func<Request, bool>? Of)> ByName => new Dictionary<string, (TableFault, Func<Request, bool>?)>
    {
        ["busy"] = (Error(503, "ServerBusy"), null),
        ["internal error"] = (Error(500, "InternalError"), null),
        ["lost"] = (Lost, null),
        ["lost answer"] = (LostAnswer, null),
        ["late"] = (Late, null),
        ["in the way"] = (BatchError(409, "EntityAlreadyExists"), TableBatch.Is),
        ["changed"] = (BatchError(412, "UpdateConditionNotSatisfied"), TableBatch.Is),
    };

    /// <summary>The service knows nothing of the request, and nothing comes.</summary>
    public static TableFault Lost { get; } = (_, _) => throw Broken();

    /// <summary>The service has done what was asked, and nothing comes.</summary>
    public static TableFault LostAnswer { get; } = async (message, wire) =>
    {
        await wire.PassAsync(message);
        message.Response.Dispose();
        throw Broken();
    };

    /// <summary>The client hears nothing in its time, and a write is done long after: see <see cref="TableWire.LandAsync"/>.</summary>
    public static TableFault Late { get; } = async (message, wire) =>
    {
        if (message.Request.Method != RequestMethod.Get) await wire.KeepAsync(message.Request);
        throw new TaskCanceledException("It is a test: no answer in time.");
    };

    /// <summary>The request is on its way for a while.</summary>
    /// <param name="sent">Ends when the app has sent it.</param>
    /// <param name="until">It arrives.</param>
    public static TableFault Hold(TaskCompletionSource sent, Task until) => async (message, wire) =>
    {
        sent.SetResult();
        await until;
        await wire.PassAsync(message);
    };

    /// <summary>The answer is on its way for a while.</summary>
    /// <param name="sent">Ends when the service has answered.</param>
    /// <param name="until">The answer arrives.</param>
    public static TableFault HoldAnswer(TaskCompletionSource sent, Task until) => async (message, wire) =>
    {
        await wire.PassAsync(message);
        sent.SetResult();
        await until;
    };

    /// <summary>The service answers with an error, and has done nothing.</summary>
    /// <param name="status">Of HTTP.</param>
    /// <param name="code">https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes.</param>
    /// <param name="retryAfter">In seconds.</param>
    public static TableFault Error(int status, string code, string? retryAfter = null) => (message, _) =>
    {
        var answer = new MadeResponse(status, TableBatch.TableError(code, "It is a test."));
        message.Response = retryAfter is null ? answer : answer.With("Retry-After", retryAfter);
        return ValueTask.CompletedTask;
    };

    /// <summary>The service refuses the first action of a batch, and has done nothing.</summary>
    public static TableFault BatchError(int status, string code) => (message, _) =>
    {
        message.Response = TableBatch.Refusal(status, code, "It is a test.", action: 0);
        return ValueTask.CompletedTask;
    };

    /// <summary>As Azure's own transport tells of a connection that broke.</summary>
    private static RequestFailedException Broken()
    {
        var cause = new IOException("It is a test: the connection broke.");
        return new RequestFailedException(cause.Message, cause);
    }
}
