using ChatFunctions.Identity;

namespace ChatFunctions.Moderation;

/// <summary>A message that somebody wants to be kept.</summary>
/// <param name="ChatId">Of the room.</param>
/// <param name="ChatName">Of the room.</param>
/// <param name="Visibility"><c>public</c> or <c>private</c>.</param>
/// <param name="Sender">Who writes.</param>
/// <param name="Text">See <see cref="ChatFunctions.Text.MessageText"/>.</param>
/// <param name="IsEdit">It is to take the place of an earlier text.</param>
public sealed record MessageToReview(string ChatId, string ChatName, string Visibility, User Sender, string Text, bool IsEdit)
{
    /// <summary>Without the text, which no log may have.</summary>
    public override string ToString() => $"a message in {ChatId}";
}
