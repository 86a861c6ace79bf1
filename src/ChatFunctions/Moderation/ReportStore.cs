using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.MessageLog;
using ChatFunctions.Tables;
using ChatFunctions.Work;

namespace ChatFunctions.Moderation;

/// <summary>
/// Reports in Table Storage. Whoever ends one changes the copy of its message on condition of the copy's ETag, and whoever adds one writes the
/// copy anew: so the copy is there as long as any report of it is, and no longer.
/// </summary>
public sealed class ReportStore(LogTable table, IntentStore intents, TimeProvider time)
{
    /// <summary>Of one person, in one private room or in all public ones. Some more are taken where many come at once.</summary>
    private const int MaxOpen = 100;

    /// <summary>Then a report ends by itself.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>
    /// Adds a report, under an intent to end it: a range and two writes. Where its reporter has reported the message before and that report is
    /// open, nothing changes: a range.
    /// </summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.TooManyReports"/>.</exception>
    public async Task AddAsync(ReportEntity report, MessageEntity message, CancellationToken cancellation)
    {
        Intent? intent = null;
        await Attempts.DecideAtOnceAsync(async () =>
        {
            var open = await ListOpenAsync(report, cancellation);
            if (open.Contains(report.RowOfReporter)) return true;
            if (open.Count >= MaxOpen) throw new ChatException(ErrorCode.TooManyReports);
            intent ??= await intents.BeginAsync(Intent.EndReports, report.ChatId, report.LogId, cancellation, delay: Lifetime);
            // If it is not done, the reporter was faster elsewhere, or the answer was lost: the next look tells.
            return await table.Client.TrySubmitAsync(
                [new(TableTransactionActionType.UpsertReplace, ReportedMessageEntity.Of(message, report)), .. RowsOf(report).Select(Add)], cancellation);
        });
    }

    /// <summary>Those of one room, oldest first: a range, and a point read for each message.</summary>
    /// <param name="after">The id of the last one already shown, or null.</param>
    public Task<ReportPage> ListOfRoomAsync(
        string chatId, string logId, string? after, int limit, CancellationToken cancellation) =>
        ListAsync(ReportEntity.PartitionOf(chatId, logId), ReportEntity.RowsIn(logId), after, limit, cancellation);

    /// <summary>Those of all public rooms, oldest first: a range, and a point read for each message.</summary>
    /// <param name="after">The id of the last one already shown, or null.</param>
    public Task<ReportPage> ListOfPublicAsync(
        string? after, int limit, CancellationToken cancellation) =>
        ListAsync(ReportEntity.PartitionOfPublic, ReportEntity.Rows, after, limit, cancellation);

    /// <summary>Ends a report, if there is one: a point read, a range and a batch.</summary>
    /// <param name="partition">See <see cref="ReportEntity.PartitionOf"/>.</param>
    /// <param name="id">A <see cref="ReportId"/>.</param>
    /// <param name="logId">Of the room that it must be of; null where any will do.</param>
    public Task EndAsync(string partition, string id, string? logId, CancellationToken cancellation) => Attempts.DecideAtOnceAsync(async () =>
    {
        var report = await table.Client.FindAsync<ReportEntity>(partition, ReportEntity.Rows + id, cancellation);
        return report is null || (logId is not null && report.LogId != logId) || await TryEndAsync(report, cancellation);
    });

    /// <summary>Ends those of a private room, or of all public ones, that are too old: a range, and what <see cref="EndAsync"/> costs.</summary>
    public async Task EndOldAsync(Intent intent, CancellationToken cancellation)
    {
        var partition = ReportEntity.PartitionOf(intent.ChatId, intent.LogId);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey ge {ReportEntity.Rows} and RowKey le {ReportEntity.Rows + FirstOpen()}");
        await foreach (var row in table.Client.QueryAsync<ReportEntity>(filter, null, [nameof(ReportEntity.Id)], cancellation))
        {
            await EndAsync(partition, row.Id, logId: null, cancellation);
        }
    }

    private static IEnumerable<ITableEntity> RowsOf(ReportEntity report) =>
    [
        report.In(ReportEntity.Rows + report.Id),
        report.In(ReportEntity.RowsIn(report.LogId) + report.Id),
        new TableEntity(report.PartitionKey, report.RowOfReporter),
        new TableEntity(report.PartitionKey, report.RowOfNeed),
    ];

    private static TableTransactionAction Add(ITableEntity row) => new(TableTransactionActionType.Add, row);

    private static TableTransactionAction Delete(ITableEntity row) => new(TableTransactionActionType.Delete, row, ETag.All);

    private async Task<HashSet<string>> ListOpenAsync(ReportEntity report, CancellationToken cancellation)
    {
        var rows = ReportEntity.RowsBy(report.ReporterId);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {report.PartitionKey} and RowKey ge {rows} and RowKey lt {EndOf(rows)}");
        return await table.Client.QueryAsync<TableEntity>(filter, null, [nameof(TableEntity.RowKey)], cancellation)
            .Select(row => row.RowKey).ToHashSetAsync(cancellationToken: cancellation);
    }

    /// <param name="after">The id of the last one already shown, or null.</param>
    private async Task<ReportPage> ListAsync(string partition, string rows, string? after, int limit, CancellationToken cancellation)
    {
        var first = string.CompareOrdinal(after, FirstOpen()) > 0 ? after : FirstOpen();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {rows + first} and RowKey lt {EndOf(rows)}");
        // One more tells whether there is more.
        var found = await table.Client.QueryAsync<ReportEntity>(filter, limit + 1, null, cancellation).Take(limit + 1).ToListAsync(cancellation);
        var shown = found.Take(limit).ToList();
        var copies = await FindCopiesAsync(partition, shown, cancellation);
        // Without a copy it has ended since it was read.
        var reports = shown.Where(report => copies.ContainsKey(report.RowOfCopy)).Select(report => Report.Of(report, copies[report.RowOfCopy]));
        return new ReportPage([.. reports], found.Count > limit ? shown[^1].Id : null);
    }

    /// <returns>By their rows.</returns>
    private async Task<Dictionary<string, ReportedMessageEntity>> FindCopiesAsync(
        string partition, IEnumerable<ReportEntity> reports, CancellationToken cancellation)
    {
        var rows = reports.Select(report => report.RowOfCopy).Distinct();
        var found = await Task.WhenAll(rows.Select(row => table.Client.FindAsync<ReportedMessageEntity>(partition, row, cancellation)));
        return found.OfType<ReportedMessageEntity>().ToDictionary(copy => copy.RowKey);
    }

    /// <returns>False: others have ended or added a report of the same message, or the outcome is unclear.</returns>
    private async Task<bool> TryEndAsync(ReportEntity report, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {report.PartitionKey} and RowKey ge {report.RowOfCopy} and RowKey lt {report.RowsOfCopyEnd}");
        // The copy comes first; of those who need it, a second one tells enough.
        var rows = await table.Client.QueryAsync<TableEntity>(filter, 3, [nameof(TableEntity.RowKey), nameof(TableEntity.Timestamp)], cancellation)
            .Take(3).ToListAsync(cancellation);
        if (rows.Count == 0 || rows[0].RowKey != report.RowOfCopy) return false;
        var copy = new TableEntity(report.PartitionKey, report.RowOfCopy);
        TableTransactionAction change = rows.Skip(1).Any(row => row.RowKey != report.RowOfNeed)
            ? new(TableTransactionActionType.UpdateMerge, copy, rows[0].ETag)
            : new(TableTransactionActionType.Delete, copy, rows[0].ETag);
        return await table.Client.TrySubmitAsync([change, .. RowsOf(report).Select(Delete)], cancellation);
    }

    /// <summary>Comes before the ids of all reports that are not too old.</summary>
    private string FirstOpen() => ReportId.StartOf(time.GetUtcNow() - Lifetime);

    /// <summary>A full stop comes after the hyphen at the end.</summary>
    private static string EndOf(string rows) => rows[..^1] + ".";
}
