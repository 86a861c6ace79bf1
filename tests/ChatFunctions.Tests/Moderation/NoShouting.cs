using ChatFunctions.Moderation;

namespace ChatFunctions.Tests.Moderation;

public sealed class NoShouting : IMessageReview
{
    public Task<ReviewAnswer> ReviewAsync(MessageToReview message, CancellationToken cancellation) =>
        Task.FromResult<ReviewAnswer>(message.Text switch
        {
            "STOP" => new ReviewAnswer.Reject("Please ask kindly."),
            var text when !text.Any(char.IsLower) => new ReviewAnswer.Rewrite(text.ToLowerInvariant()),
            _ => new ReviewAnswer.Accept(),
        });
}
