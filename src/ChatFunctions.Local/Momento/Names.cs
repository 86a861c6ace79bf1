using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>Names of caches and topics: any text but an empty or blank one, as the SDKs check it too.</summary>
public static class Names
{
    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    public static void Check(string kind, string name)
    {
        if (string.IsNullOrWhiteSpace(name)) throw new RpcException(new Status(StatusCode.InvalidArgument, $"The {kind} name is empty."));
    }
}
