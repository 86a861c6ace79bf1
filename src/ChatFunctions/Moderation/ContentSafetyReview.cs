using Microsoft.Extensions.Options;

namespace ChatFunctions.Moderation;

/// <summary>Rejects what Azure AI Content Safety finds as severe as <c>Moderation:ContentSafety</c> says, or more.</summary>
public sealed class ContentSafetyReview(ContentSafetyClient client, IOptions<ModerationOptions> options) : IMessageReview
{
    private readonly ContentSafetySettings settings = options.Value.ContentSafety!;

    public async Task<ReviewAnswer> ReviewAsync(MessageToReview message, CancellationToken cancellation)
    {
        var severity = await client.AnalyzeAsync(message.Text, cancellation);
        List<string> found = [];
        if (severity[ContentSafetyClient.Hate] >= settings.Hate) found.Add("hate");
        if (severity[ContentSafetyClient.SelfHarm] >= settings.SelfHarm) found.Add("self-harm");
        if (severity[ContentSafetyClient.Sexual] >= settings.Sexual) found.Add("sexual content");
        if (severity[ContentSafetyClient.Violence] >= settings.Violence) found.Add("violence");
        return found.Count == 0
            ? new ReviewAnswer.Accept()
            : new ReviewAnswer.Reject($"It seems to be about {string.Join(", ", found)} in a way that is not allowed here.");
    }
}
