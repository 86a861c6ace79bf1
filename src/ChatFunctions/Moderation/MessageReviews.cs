using ChatFunctions.Errors;
using ChatFunctions.Telemetry;
using ChatFunctions.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Moderation;

/// <summary>Has messages reviewed by all <see cref="IMessageReview"/> that are registered. Where there is none it costs nothing.</summary>
public sealed partial class MessageReviews(
    IEnumerable<IMessageReview> reviews, IOptions<ModerationOptions> options, ChatMetrics metrics, TimeProvider time,
    ILogger<MessageReviews> log)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly IMessageReview[] reviews = [.. reviews];

    /// <returns>The text that may be kept.</returns>
    /// <exception cref="ChatException"><see cref="ErrorCode.Rejected"/>, or <see cref="ErrorCode.ReviewFailed"/>: another try may
    /// work.</exception>
    public async Task<string> PassAsync(MessageToReview message, CancellationToken cancellation)
    {
        foreach (var review in reviews) message = message with { Text = await PassAsync(review, message, cancellation) };
        return message.Text;
    }

    private async Task<string> PassAsync(IMessageReview review, MessageToReview message, CancellationToken cancellation)
    {
        switch (await TryAsync(review, message, cancellation))
        {
            case ReviewAnswer.Reject rejection:
                metrics.ReviewEnded(NameOf(review), ReviewOutcome.Rejected);
                throw new ChatException(ErrorCode.Rejected) { Reason = rejection.Reason };
            case ReviewAnswer.Rewrite rewrite:
                metrics.ReviewEnded(NameOf(review), ReviewOutcome.Rewritten);
                return rewrite.Text;
            case ReviewAnswer.Accept:
                metrics.ReviewEnded(NameOf(review), ReviewOutcome.Accepted);
                return message.Text;
            default:
                return message.Text;
        }
    }

    /// <returns>Null where the review has failed and the message goes on all the same.</returns>
    private async Task<ReviewAnswer?> TryAsync(IMessageReview review, MessageToReview message, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(review, message, cancellation);
        }
        catch (OperationCanceledException late) when (cancellation.IsCancellationRequested)
        {
            throw new NoAnswerException($"The review {NameOf(review)}", late);
        }
        catch (Exception error)
        {
            metrics.ReviewEnded(NameOf(review), ReviewOutcome.Failed);
            LogFailed(NameOf(review), FailureText.Of(error));
            if (options.Value.WhenReviewFails == ReviewFailure.Accept) return null;
            throw new ChatException(ErrorCode.ReviewFailed, error) { RetryAfter = (error as ChatException)?.RetryAfter ?? RetryAfter };
        }
    }

    /// <summary>A review that blocks its thread, or heeds no cancellation, keeps nobody waiting either.</summary>
    private async Task<ReviewAnswer> AskAsync(IMessageReview review, MessageToReview message, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(options.Value.ReviewTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        var token = either.Token;
        return await Task.Run(() => review.ReviewAsync(message, token), token).WaitAsync(token) switch
        {
            ReviewAnswer.Rewrite rewrite when MessageText.TryParse(rewrite.Text, out var text, out _) => new ReviewAnswer.Rewrite(text),
            ReviewAnswer.Rewrite => throw new InvalidOperationException("It makes a text of the message that may not be sent."),
            null => throw new InvalidOperationException("It says nothing."),
            var answer => answer,
        };
    }

    private static string NameOf(IMessageReview review) => review.GetType().Name;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The review {Review} has failed: {Failure}")]
    private partial void LogFailed(string review, string failure);
}
