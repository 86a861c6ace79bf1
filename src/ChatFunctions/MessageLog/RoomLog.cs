using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>
/// Appends to one room's log for this instance. What comes while a batch is under way goes together in the next one. Other instances append
/// to the same log: whose head is stale reads it again.
/// </summary>
public sealed class RoomLog(string logId, LogTable table, LogDays days, TimeProvider time)
{
    /// <summary>Table Storage takes 4 MiB; what a batch really has is only guessed.</summary>
    private const int MaxBytes = 3 * 1024 * 1024;

    private const int MaxTries = 30;
    private const int MaxParallelReads = 16;

    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Between two tries of a batch whose outcome is unclear; then twice as long, and so on.</summary>
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly LinkedList<Append> waiting = [];
    private readonly AppendPace pace = new(time);
    private bool isWriting;

    /// <summary>As it was written or read last, null where nothing is known. Used by the writer alone.</summary>
    private LogHead? head;
    private long headAt;

    /// <returns>What became of it.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>: the room is deleted. <see cref="ErrorCode.Unavailable"/>: it may
    /// be kept or not; another append with the same <c>clientId</c> tells.</exception>
    public Task<AppendResult> AppendAsync(Append append)
    {
        lock (gate)
        {
            waiting.AddLast(append);
            if (!isWriting)
            {
                isWriting = true;
                _ = Task.Run(WriteAllAsync, CancellationToken.None);
            }
        }

        return append.Result;
    }

    private async Task WriteAllAsync()
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            try
            {
                await WriteAsync(batch);
            }
            catch (Exception error)
            {
                head = null;
                foreach (var append in batch) append.Fail(error);
            }
        }
    }

    /// <summary>As many as fit into a batch, oldest first. One that shares a row with another waits for the next.</summary>
    private List<Append> TakeBatch()
    {
        var batch = new List<Append>();
        var rows = new HashSet<string>();
        var (actions, bytes) = (1, 0);
        lock (gate)
        {
            for (var node = waiting.First; node is not null;)
            {
                var (append, next) = (node.Value, node.Next);
                if (!rows.Overlaps(append.SharedRows))
                {
                    rows.UnionWith(append.SharedRows);
                    actions += append.RowCount;
                    bytes += append.Bytes;
                    if (batch.Count > 0 && (actions > TableWrites.MaxBatch || bytes > MaxBytes)) break;
                    batch.Add(append);
                    waiting.Remove(node);
                }

                node = next;
            }

            isWriting = batch.Count > 0;
        }

        return batch;
    }

    /// <summary>Writes a batch, whatever it takes. Who is done is taken out of it.</summary>
    private async Task WriteAsync(List<Append> batch)
    {
        var start = time.GetTimestamp();
        for (var tries = 1; batch.Count > 0; tries++)
        {
            if (tries > MaxTries || time.GetElapsedTime(start) > MaxDuration) throw ChatException.Unavailable(RetryAfter);
            await FreshenHeadAsync();
            if (head!.IsSealed) throw new ChatException(ErrorCode.RoomNotFound);
            TakeOutChangesOfTrimmed(batch);
            if (batch.Count == 0) return;
            var now = time.GetUtcNow();
            if (batch.Any(append => append.IsNew) && !head.HasDayOf(now)) await days.LeaveAsync(LogDay.Create(head, now));
            var attempt = new Attempt(logId, head, batch, now);
            var begun = time.GetTimestamp();
            var outcome = await SubmitAsync(attempt, start);
            if (outcome is LogTable.Outcome.Done done)
            {
                SetHead(attempt.HeadAfter(done.HeadETag));
                attempt.Complete();
                await pace.SucceedAsync(tries, time.GetElapsedTime(begun));
                return;
            }

            switch (attempt.OwnerOf(((LogTable.Outcome.Refused)outcome).Action))
            {
                // An entry that is there already says what a stale head says.
                case null:
                    head = null;
                    await pace.LoseAsync(tries);
                    break;
                case NewMessage message:
                    await TakeOutRepeatsAsync(batch);
                    // If it is none, then in slow mode the person has said something else meanwhile.
                    if (message.IsSlow && batch.Remove(message)) message.Complete(new AppendResult.Changed());
                    break;
                case var change:
                    batch.Remove(change);
                    change.Complete(new AppendResult.Changed());
                    break;
            }
        }
    }

    /// <summary>
    /// Sends a batch until its outcome is clear, each time with the same ETag of the head, so that at most one of the tries is written. If
    /// the head has changed then, the entry at the position that was tried tells whose it is.
    /// </summary>
    /// <returns>Done or refused.</returns>
    private async Task<LogTable.Outcome> SubmitAsync(Attempt attempt, long start)
    {
        var outcome = await table.SubmitAsync(attempt.Actions);
        if (outcome is not LogTable.Outcome.Unclear) return outcome;
        for (var delay = FirstRetryDelay; outcome is LogTable.Outcome.Unclear; delay *= 2)
        {
            if (time.GetElapsedTime(start) > MaxDuration) throw ChatException.Unavailable(RetryAfter);
            await Task.Delay(delay, time);
            outcome = await table.SubmitAsync(attempt.Actions);
        }

        if (outcome is not LogTable.Outcome.Refused { Action: 0 }) return outcome;
        var entry = await table.Client.FindAsync<LogEntry>(logId, LogEntry.RowOf(attempt.FirstSeq), CancellationToken.None);
        return entry?.Attempt == attempt.Id ? new LogTable.Outcome.Done(HeadETag: null) : outcome;
    }

    /// <summary>While others write, a head that is older than a round trip is stale most of the time.</summary>
    private async Task FreshenHeadAsync()
    {
        if (head is not null && !(pace.HasOthers && time.GetElapsedTime(headAt) > pace.RoundTrip)) return;
        var known = head?.ETag;
        SetHead(await table.ReadHeadAsync(logId, CancellationToken.None));
        if (known is not null && known != head!.ETag) pace.MeetOthers();
    }

    private void SetHead(LogHead? known)
    {
        head = known;
        headAt = time.GetTimestamp();
    }

    /// <summary>A message that is too old to be kept is changed no more, also where it has still to be deleted.</summary>
    private void TakeOutChangesOfTrimmed(List<Append> batch)
    {
        foreach (var change in batch.Where(append => !append.IsNew && !head!.Keeps(append.Message.Number)).ToList())
        {
            batch.Remove(change);
            change.Complete(new AppendResult.Changed());
        }
    }

    /// <summary>One of the messages has a <c>clientId</c> that is taken: all are looked up at once.</summary>
    private async Task TakeOutRepeatsAsync(List<Append> batch)
    {
        foreach (var messages in batch.OfType<NewMessage>().ToList().Chunk(MaxParallelReads))
        {
            var found = await Task.WhenAll(messages.Select(each =>
                table.Client.FindAsync<ClientIdEntity>(logId, each.ClientIdRow, CancellationToken.None)));
            foreach (var (message, row) in messages.Zip(found))
            {
                if (row is null) continue;
                if (!head!.Keeps(row.Number))
                {
                    await DeleteTrimmedAsync(message, row);
                    continue;
                }

                batch.Remove(message);
                if (!message.Attempts.Contains(row.Attempt)) message.Complete(new AppendResult.Repeated(row.Number));
                else message.CompleteAt(row);
            }
        }
    }

    /// <summary>The message that has the <c>clientId</c> is too old to be kept: it makes room for a new one.</summary>
    private Task<bool> DeleteTrimmedAsync(NewMessage next, ClientIdEntity row) => table.TryDeleteMessagesAsync(
        [
            new MessageEntity
            {
                PartitionKey = logId,
                RowKey = MessageEntity.RowOf(row.Number),
                SenderId = next.Message.SenderId,
                ClientId = next.Message.ClientId,
            },
        ], CancellationToken.None);

    /// <summary>A batch as it is sent.</summary>
    private sealed class Attempt
    {
        private readonly LogHead head;
        private readonly List<(Append Append, long Seq)> appends = [];
        private readonly List<Append?> owners = [];

        public Attempt(string logId, LogHead before, List<Append> batch, DateTimeOffset now)
        {
            head = before.Next();
            FirstSeq = before.Seq + 1;
            var actions = new List<TableTransactionAction>();
            foreach (var append in batch)
            {
                head.Seq++;
                if (append.IsNew) (head.Number, head.LastAt) = (head.Number + 1, now);
                append.Attempts.Add(Id);
                var own = append.ActionsAt(new LogPosition(logId, head.Seq, head.Number, Id));
                appends.Add((append, head.Seq));
                actions.AddRange(own);
                owners.AddRange([null, .. Enumerable.Repeat(append, own.Count - 1)]);
            }

            // First, so that of several rows that are not as they were it is the one that is told of.
            Actions = [TableWrites.Write(head, before.ETag), .. actions];
        }

        public string Id { get; } = $"{Guid.NewGuid():N}";

        public long FirstSeq { get; }

        public IReadOnlyList<TableTransactionAction> Actions { get; }

        /// <param name="etag">Null where it is not known.</param>
        /// <returns>Null where nothing is known.</returns>
        public LogHead? HeadAfter(ETag? etag)
        {
            if (etag is null) return null;
            head.ETag = etag.Value;
            return head;
        }

        /// <returns>Whose row an action writes; null for the head and the entries.</returns>
        public Append? OwnerOf(int action) => action == 0 ? null : owners[action - 1];

        public void Complete()
        {
            foreach (var (append, seq) in appends) append.Complete(new AppendResult.Kept(append.Message, seq));
        }
    }
}
