using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>
/// RESOURCE_EXHAUSTED. The trailer <c>err</c> says which limit it is, and so do some words of the text: SDKs go by either when
/// they tell their callers.
/// </summary>
public static class LimitExceeded
{
    public static RpcException Operations(string text) => Of("operations_rate_limit_exceeded", $"Too many operations: {text}");

    public static RpcException Subscriptions(string text) =>
        Of("topic_subscriptions_limit_exceeded", $"Too many subscribers: {text}");

    public static RpcException ItemSize(string text) => Of("item_size_limit_exceeded", $"Item size too large: {text}");

    public static RpcException RequestSize(string text) => Of("request_size_limit_exceeded", $"Request limit exceeded: {text}");

    private static RpcException Of(string cause, string text) =>
        new(new Status(StatusCode.ResourceExhausted, text), new Metadata { { "err", cause } });
}
