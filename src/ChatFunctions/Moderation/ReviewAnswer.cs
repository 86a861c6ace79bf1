using ChatFunctions.Text;

namespace ChatFunctions.Moderation;

/// <summary>What a review says of a message.</summary>
public abstract record ReviewAnswer
{
    private ReviewAnswer()
    {
    }

    /// <summary>It may be kept as it is.</summary>
    public sealed record Accept : ReviewAnswer;

    /// <summary>It may not be kept.</summary>
    public sealed record Reject : ReviewAnswer
    {
        /// <param name="reason">A sentence for whoever has written the message.</param>
        /// <exception cref="ArgumentException">Nobody can read it.</exception>
        public Reject(string reason)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(reason);
            if (UnicodeText.HasLoneSurrogate(reason)) throw new ArgumentException("It is not Unicode text.", nameof(reason));
            Reason = reason;
        }

        public string Reason { get; }
    }

    /// <summary>It may be kept with another text, which has to be one that a client could have sent.</summary>
    public sealed record Rewrite(string Text) : ReviewAnswer;
}
