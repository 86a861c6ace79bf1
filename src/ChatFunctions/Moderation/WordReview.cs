using Microsoft.Extensions.Options;

namespace ChatFunctions.Moderation;

/// <summary>Rejects what has a word of <c>Moderation:BlockedWords</c>.</summary>
public sealed class WordReview(IOptions<ModerationOptions> options) : IMessageReview
{
    private readonly BlockedWords blocked = new(options.Value.BlockedWords);

    public Task<ReviewAnswer> ReviewAsync(MessageToReview message, CancellationToken cancellation) =>
        Task.FromResult<ReviewAnswer>(blocked.AreIn(message.Text)
            ? new ReviewAnswer.Reject("It has a word that is not allowed here.")
            : new ReviewAnswer.Accept());
}
