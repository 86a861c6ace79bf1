using ChatFunctions.Errors;
using ChatFunctions.MessageLog;
using ChatFunctions.Rooms;
using ChatFunctions.Work;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Reactions;

/// <summary>
/// Takes the reactions of a message away that is deleted. Its deletion closes their summary in the same batch, so that they are shown and
/// counted no more, and that whoever counts them, also after one that was on its way, deletes them.
/// </summary>
public sealed partial class ReactionRemoval(ReactionLog log, IntentStore intents, ILogger<ReactionRemoval> logger)
{
    /// <summary>Before a message is deleted: a point read, and a write where it has reactions.</summary>
    /// <returns>Null where it has none.</returns>
    public async Task<Intent?> BeginAsync(Room room, MessageEntity message, CancellationToken cancellation) =>
        await log.FindAsync(room.LogId, message.Number, cancellation) is null
            ? null
            : await intents.BeginAsync(Intent.DeleteReactions, room.ChatId, room.LogId, cancellation, number: message.Number);

    /// <summary>Once it is deleted. Never throws: what fails is left to the chores.</summary>
    public async Task TryEndAsync(Intent intent, CancellationToken cancellation)
    {
        try
        {
            await FinishAsync(intent, cancellation);
            await intents.EndAsync(intent, cancellation);
        }
        catch (Exception error) when (error is ChatException || ServiceFailure.ServiceOf(error, ServiceFailure.TableStorage) is not null)
        {
            LogLeft(error);
        }
    }

    /// <summary>If the message was not deleted after all, its reactions are counted.</summary>
    public Task FinishAsync(Intent intent, CancellationToken cancellation) => log.CountAsync(intent.LogId, intent.Number, cancellation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reactions of a deleted message are left to the chores.")]
    private partial void LogLeft(Exception error);
}
