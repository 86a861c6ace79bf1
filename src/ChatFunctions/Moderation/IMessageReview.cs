namespace ChatFunctions.Moderation;

/// <summary>
/// A check of every message before it is kept, new or edited. All that are registered run one after another, in the order in which they
/// are, each on what the one before has left.
/// </summary>
public interface IMessageReview
{
    /// <param name="message">What is to be kept.</param>
    /// <param name="cancellation">Ends after <c>Moderation:ReviewTimeout</c>, or where nobody waits any more. Whether it is heeded or not, an
    /// answer that comes later is not heard: then the review has failed, as it has where it throws.</param>
    Task<ReviewAnswer> ReviewAsync(MessageToReview message, CancellationToken cancellation);
}
