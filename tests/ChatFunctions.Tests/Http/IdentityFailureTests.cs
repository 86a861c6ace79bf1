using System.Net.Sockets;
using Azure;
using Azure.Core;
using Azure.Identity;
using ChatFunctions.Errors;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Identity.Client;

namespace ChatFunctions.Tests.Http;

/// <summary>Which failures of the app's identity may pass by waiting. The exceptions are those of Azure's ManagedIdentityCredential.</summary>
public sealed class IdentityFailureTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    [Theory]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(400, false)]
    [InlineData(404, false)]
    public void By_the_status_that_its_endpoint_answers(int status, bool mayPass) =>
        AssertMayPass(mayPass, Failed(new MsalServiceException(MsalError.ManagedIdentityRequestFailed, "It is a test.", status)));

    [Fact]
    public void One_whose_endpoint_does_not_answer_may_pass()
    {
        AssertMayPass(true, Failed(new RequestFailedException("reset", new SocketException((int)SocketError.ConnectionReset))));
        AssertMayPass(true, Failed(new MsalServiceException(MsalError.ManagedIdentityUnreachableNetwork, "It is a test.")));
        AssertMayPass(true, new CredentialUnavailableException("No response received from the managed identity endpoint."));
        AssertMayPass(true, new AggregateException(Failed(new TaskCanceledException()), Failed(new IOException())));
    }

    [Fact]
    public void One_that_refuses_what_it_is_asked_cannot_pass_also_where_its_exception_has_no_status() =>
        AssertMayPass(false, Failed(new MsalServiceException(MsalError.ManagedIdentityRequestFailed, "Status: BadRequest")));

    [Fact]
    public void One_that_refuses_once_in_several_tries_cannot_pass() =>
        AssertMayPass(false, new AggregateException(
            Failed(new TaskCanceledException()), Failed(new MsalServiceException(MsalError.ManagedIdentityRequestFailed, "It is a test.", 400))));

    public static AuthenticationFailedException Failed(Exception cause) => new("ManagedIdentityCredential authentication failed.", cause);

    private void AssertMayPass(bool expected, Exception error)
    {
        Assert.Equal(expected, new ServiceFailure(time).MayPass(error));
        Assert.Equal(ServiceFailure.EntraId, ServiceFailure.ServiceOf(error, ServiceFailure.KeyVault));
    }
}
