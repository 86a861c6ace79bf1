using System.Net.Sockets;
using Azure;
using Azure.Identity;

namespace ChatFunctions.Tables;

/// <summary>What the Azure clients throw.</summary>
public static class AzureFailure
{
    /// <summary>
    /// Whether their service fails, cannot be reached or is too slow; a connection that is reset at once comes through as a bare
    /// <see cref="SocketException"/>.
    /// </summary>
    public static bool Is(Exception error) =>
        error is RequestFailedException or AuthenticationFailedException or AggregateException or SocketException;
}
