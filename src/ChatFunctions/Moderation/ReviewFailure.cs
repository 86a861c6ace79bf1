namespace ChatFunctions.Moderation;

/// <summary>What becomes of a message of which a review does not say anything.</summary>
public enum ReviewFailure
{
    /// <summary>It is not kept, and its sender may try again.</summary>
    Reject,

    /// <summary>It goes on as if the review had accepted it.</summary>
    Accept,
}
