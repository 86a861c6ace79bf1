using Microsoft.Extensions.Options;

namespace ChatFunctions.Moderation;

/// <summary>Rejects what has a link to a host that is neither one of <c>Moderation:AllowedLinkHosts</c> nor below one.</summary>
public sealed class LinkReview(IOptions<ModerationOptions> options) : IMessageReview
{
    private readonly string[] allowed = [.. options.Value.AllowedLinkHosts.Select(host => new UriBuilder { Host = host }.Uri.IdnHost)];

    public Task<ReviewAnswer> ReviewAsync(MessageToReview message, CancellationToken cancellation) =>
        Task.FromResult<ReviewAnswer>(Links.HostsIn(message.Text).All(IsAllowed)
            ? new ReviewAnswer.Accept()
            : new ReviewAnswer.Reject("It has a link that is not allowed here."));

    private bool IsAllowed(string? host) => host is not null && Array.Exists(allowed, each => host == each
        || (host.EndsWith(each, StringComparison.Ordinal) && host[^(each.Length + 1)] == '.'));
}
