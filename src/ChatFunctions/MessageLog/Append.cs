using Azure.Data.Tables;
using ChatFunctions.Tables;

namespace ChatFunctions.MessageLog;

/// <summary>Where in a room's log something is appended.</summary>
/// <param name="LogId">The room's partition.</param>
/// <param name="Seq">The position.</param>
/// <param name="Number">For a message that is new.</param>
/// <param name="Attempt">Random, for each batch that is not the same.</param>
public sealed record LogPosition(string LogId, long Seq, long Number, string Attempt);

/// <summary>What became of something that was to be appended.</summary>
public abstract record AppendResult
{
    /// <summary>It is in the log.</summary>
    /// <param name="Message">As it is kept.</param>
    /// <param name="Seq">Its position.</param>
    public sealed record Kept(MessageEntity Message, long Seq) : AppendResult;

    /// <summary>An earlier message of this person has its <c>clientId</c>.</summary>
    /// <param name="Number">Of that message.</param>
    public sealed record Repeated(long Number) : AppendResult;

    /// <summary>The message that it changes, or in slow mode the person's row, is not as it was read.</summary>
    public sealed record Changed : AppendResult;
}

/// <summary>Something that is to be appended to a room's log: an entry, and the rows beside it.</summary>
public abstract class Append
{
    /// <summary>Of an action in a batch beside its texts: headers, keys, names. A generous guess.</summary>
    protected const int ActionBytes = 1500;

    private readonly TaskCompletionSource<AppendResult> result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<AppendResult> Result => result.Task;

    /// <summary>The batches that it was part of.</summary>
    public List<string> Attempts { get; } = [];

    /// <summary>The keys of the rows that another append may write, too: no two of a batch may share one.</summary>
    public abstract IReadOnlyList<string> SharedRows { get; }

    /// <summary>How many rows it writes.</summary>
    public abstract int RowCount { get; }

    /// <summary>It takes a number of its own.</summary>
    public abstract bool IsNew { get; }

    /// <summary>In a batch's body, at most.</summary>
    public abstract int Bytes { get; }

    /// <summary>The message as it is kept, once it is.</summary>
    public abstract MessageEntity Message { get; }

    /// <summary>The batch's actions for it; the first is the entry's.</summary>
    public abstract IReadOnlyList<TableTransactionAction> ActionsAt(LogPosition position);

    public void Complete(AppendResult outcome) => result.TrySetResult(outcome);

    public void Fail(Exception error) => result.TrySetException(error);

    protected static TableTransactionAction Entry(LogPosition position, long number) => new(TableTransactionActionType.Add, new LogEntry
    {
        PartitionKey = position.LogId,
        RowKey = LogEntry.RowOf(position.Seq),
        Number = number,
        Attempt = position.Attempt,
    });

    /// <summary>JSON may write each UTF-16 unit as an escape of six bytes.</summary>
    protected static int BytesOf(params ReadOnlySpan<string?> texts)
    {
        var bytes = 0;
        foreach (var text in texts) bytes += 6 * (text?.Length ?? 0);
        return bytes;
    }
}

/// <summary>A message that is new.</summary>
/// <param name="message">All but its keys.</param>
/// <param name="pause">In slow mode the row of the person, with the ETag with which it was read, or none where it was not there.</param>
public sealed class NewMessage(MessageEntity message, SlowModeEntity? pause) : Append
{
    public override IReadOnlyList<string> SharedRows => pause is null ? [ClientIdRow] : [ClientIdRow, pause.RowKey];

    /// <summary>By which an earlier message of the person with the same <c>clientId</c> is found.</summary>
    public string ClientIdRow { get; } = ClientIdEntity.RowOf(message.SenderId, message.ClientId);

    public bool IsSlow => pause is not null;

    public override int RowCount => IsSlow ? 4 : 3;

    public override bool IsNew => true;

    public override int Bytes { get; } = (4 * ActionBytes) + BytesOf(message.Text, message.SenderName, message.Metadata);

    public override MessageEntity Message => message;

    /// <summary>It is kept where an earlier batch has put it.</summary>
    public void CompleteAt(ClientIdEntity kept)
    {
        message.RowKey = MessageEntity.RowOf(kept.Number);
        Complete(new AppendResult.Kept(message, kept.Seq));
    }

    public override IReadOnlyList<TableTransactionAction> ActionsAt(LogPosition position)
    {
        message.PartitionKey = position.LogId;
        message.RowKey = MessageEntity.RowOf(position.Number);
        var clientId = new ClientIdEntity
        {
            PartitionKey = position.LogId,
            RowKey = ClientIdRow,
            Number = position.Number,
            Seq = position.Seq,
            Attempt = position.Attempt,
        };
        return
        [
            Entry(position, position.Number), new(TableTransactionActionType.Add, clientId), new(TableTransactionActionType.Add, message),
            .. Pause(position),
        ];
    }

    /// <summary>Last, so that a message that is there already is told by its <c>clientId</c>.</summary>
    private IEnumerable<TableTransactionAction> Pause(LogPosition position)
    {
        if (pause is null) return [];
        (pause.PartitionKey, pause.LastAt) = (position.LogId, message.SentAt);
        return [TableWrites.Write(pause, pause.ETag)];
    }
}

/// <summary>A message that is edited or deleted.</summary>
/// <param name="message">After the change, with the ETag of before it.</param>
public sealed class MessageChange(MessageEntity message) : Append
{
    public override IReadOnlyList<string> SharedRows => [message.RowKey];

    public override int RowCount => IsDeletion ? 3 : 2;

    public override bool IsNew => false;

    public override int Bytes { get; } = (3 * ActionBytes) + BytesOf(message.Text, message.SenderName, message.Metadata);

    public override MessageEntity Message => message;

    public override IReadOnlyList<TableTransactionAction> ActionsAt(LogPosition position) =>
    [
        Entry(position, message.Number), new(TableTransactionActionType.UpdateReplace, message, message.ETag),
        .. IsDeletion ? [ReactionSummary.Close(position.LogId, message.Number)] : Array.Empty<TableTransactionAction>(),
    ];

    private bool IsDeletion => message.DeletedAt is not null;
}
