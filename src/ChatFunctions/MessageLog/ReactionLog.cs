using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>
/// The reactions in rooms' logs. Their rows are what is true; a message's summary is counted from them anew after each change, by whichever
/// instance made it, on condition of the summary's ETag, which was read before the rows. It is written also where nothing has changed, so
/// that a count elsewhere which has seen less loses, and counts again: the last count to be written has seen all changes. Where an
/// instance ends between a change and its count, nobody has an answer yet: the repeat, or whoever reacts to the message next, counts it.
/// </summary>
public sealed class ReactionLog(LogTable table, TimeProvider time)
{
    /// <summary>Under a message, of emoji: as many as Discord's (https://discord.com/developers/docs/topics/opcodes-and-status-codes, 30010).</summary>
    public const int MaxKinds = 20;

    /// <summary>Two rows each.</summary>
    private const int MaxInBatch = TableWrites.MaxBatch / 2;

    /// <summary>What a message's reactions came to.</summary>
    /// <param name="Summary">As it is kept.</param>
    /// <param name="HasChanged">Its version is new.</param>
    /// <param name="Reactions">All that were counted.</param>
    public sealed record Counted(ReactionSummary Summary, bool HasChanged, IReadOnlySet<Reaction> Reactions);

    /// <summary>One batch. Where it is there already, or in doubt, a count tells.</summary>
    public Task AddAsync(string logId, Reaction reaction, CancellationToken cancellation) => table.Client.TrySubmitAsync(
        RowsOf(logId, reaction).Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellation);

    /// <summary>One batch. Where it is not there, or in doubt, a count tells.</summary>
    public Task RemoveAsync(string logId, Reaction reaction, CancellationToken cancellation) =>
        table.Client.TryDeleteAllAsync(RowsOf(logId, reaction), cancellation);

    /// <summary>
    /// Counts a message's reactions: a point read, a range (a transaction for each 1,000), and a batch; again where others have counted
    /// meanwhile. Kinds beyond <see cref="MaxKinds"/>, the latest first, are deleted, and so are all where the message is.
    /// </summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.Unavailable"/>: others were faster each time.</exception>
    public async Task<Counted> CountAsync(string logId, long number, CancellationToken cancellation)
    {
        Counted? counted = null;
        ETag? before = null;
        await Attempts.DecideAsync(
            async () =>
            {
                var summary = await FindAsync(logId, number, cancellation) ?? new ReactionSummary();
                before ??= summary.ETag;
                counted = await TryCountAsync(logId, number, summary, summary.ETag != before, cancellation);
                return counted is not null;
            }, time, cancellation);
        return counted!;
    }

    /// <summary>One point read.</summary>
    public Task<ReactionSummary?> FindAsync(string logId, long number, CancellationToken cancellation) =>
        table.Client.FindAsync<ReactionSummary>(logId, ReactionSummary.RowOf(number), cancellation);

    /// <summary>The summaries from one message to another: a range.</summary>
    public async Task<List<ReactionSummary>> ListAsync(string logId, long first, long last, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {logId} and RowKey ge {ReactionSummary.RowOf(last)} and RowKey le {ReactionSummary.RowOf(first)}");
        return await table.Client.QueryAsync<ReactionSummary>(filter, null, null, cancellation).ToListAsync(cancellation);
    }

    /// <summary>A person's from one message to another: a range.</summary>
    public async Task<List<Reaction>> ListOfPersonAsync(string logId, string userId, long first, long last, CancellationToken cancellation)
    {
        var rows = await ListRowsAsync(logId, Reaction.PersonStart(userId, last), Reaction.PersonStart(userId, first - 1), null, cancellation);
        return [.. rows.Select(row => Reaction.OfPersonRow(row.RowKey))];
    }

    /// <summary>Deletes some of what is below the first message that is kept: reactions in pairs of their rows, then summaries.</summary>
    /// <returns>Whether none is left.</returns>
    public async Task<bool> TryDeleteTrimmedAsync(LogHead head, CancellationToken cancellation)
    {
        var (logId, last) = (head.PartitionKey, head.FirstNumber - 1);
        var reactions = await ListRowsAsync(logId, Reaction.MessageStart(last), Reaction.RowsEnd, MaxInBatch, cancellation);
        if (reactions.Count > 0)
        {
            await table.Client.TryDeleteAllAsync(reactions.SelectMany(row => RowsOf(logId, Reaction.OfMessageRow(row.RowKey))), cancellation);
            return false;
        }

        var summaries = await ListRowsAsync(logId, ReactionSummary.RowOf(last), ReactionSummary.RowsEnd, TableWrites.MaxBatch, cancellation);
        if (summaries.Count > 0 && !await table.Client.TryDeleteAllAsync(summaries, cancellation)) return false;
        return summaries.Count < TableWrites.MaxBatch;
    }

    /// <param name="summary">As it was read; as none is where there is none.</param>
    /// <param name="isCounted">Somebody else has counted since the change. Whoever goes on from their summary has seen it, too, so that one
    /// which says the same needs not be written.</param>
    /// <returns>Null where the rows were not as they were read.</returns>
    private async Task<Counted?> TryCountAsync(
        string logId, long number, ReactionSummary summary, bool isCounted, CancellationToken cancellation)
    {
        // To the start of the next one, which is the older message.
        var rows = await ListRowsAsync(logId, Reaction.MessageStart(number), Reaction.MessageStart(number - 1), null, cancellation);
        var kinds = summary.IsClosed ? [] : KindsOf(rows).Take(MaxKinds).ToList();
        var counted = kinds.SelectMany(kind => kind.Reactions).ToHashSet();
        var others = rows.Select(row => Reaction.OfMessageRow(row.RowKey)).Where(each => !counted.Contains(each));
        if (!await TryDeleteAsync(logId, others, cancellation)) return null;
        if (summary.IsClosed) return new Counted(summary, false, counted);
        var items = ReactionSummary.TextOf(kinds.OrderByDescending(kind => kind.Reactions.Count).Select(kind => kind.Count));
        var hasChanged = items != summary.Items;
        if (isCounted && !hasChanged) return new Counted(summary, false, counted);
        var next = new ReactionSummary
        {
            PartitionKey = logId,
            RowKey = ReactionSummary.RowOf(number),
            Version = summary.Version + (hasChanged ? 1 : 0),
            Items = items,
        };
        var mark = new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(logId, ReactionSummary.MarkRow));
        return await table.Client.TrySubmitAsync([TableWrites.Write(next, summary.ETag), mark], cancellation)
            ? new Counted(next, hasChanged, counted)
            : null;
    }

    /// <summary>Those with an emoji each, in the order of their first.</summary>
    private static IEnumerable<Kind> KindsOf(List<TableEntity> rows) => rows
        .GroupBy(row => Reaction.OfMessageRow(row.RowKey).Emoji, (emoji, all) => new Kind(emoji, [.. all]))
        .OrderBy(kind => kind.FirstAt).ThenBy(kind => kind.Emoji, StringComparer.Ordinal);

    /// <returns>False if one of them is gone.</returns>
    private async Task<bool> TryDeleteAsync(string logId, IEnumerable<Reaction> reactions, CancellationToken cancellation)
    {
        foreach (var some in reactions.Chunk(MaxInBatch))
        {
            if (!await table.Client.TryDeleteAllAsync(some.SelectMany(each => RowsOf(logId, each)), cancellation)) return false;
        }

        return true;
    }

    /// <param name="end">Excluded.</param>
    /// <param name="limit">Null for all.</param>
    private async Task<List<TableEntity>> ListRowsAsync(string logId, string start, string end, int? limit, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {logId} and RowKey ge {start} and RowKey lt {end}");
        return await table.Client.QueryAsync<TableEntity>(filter, limit, ["PartitionKey", "RowKey", "Timestamp"], cancellation)
            .Take(limit ?? int.MaxValue).ToListAsync(cancellation);
    }

    private static IEnumerable<TableEntity> RowsOf(string logId, Reaction reaction) =>
        [new(logId, reaction.RowByMessage), new(logId, reaction.RowByPerson)];

    private sealed class Kind(string emoji, List<TableEntity> rows)
    {
        public string Emoji => emoji;

        /// <summary>By the service's clock.</summary>
        public DateTimeOffset FirstAt { get; } = rows.Min(row => row.Timestamp!.Value);

        public IReadOnlyList<Reaction> Reactions { get; } = [.. rows.Select(row => Reaction.OfMessageRow(row.RowKey))];

        public ReactionCount Count => new(emoji, Reactions.Count);
    }
}
