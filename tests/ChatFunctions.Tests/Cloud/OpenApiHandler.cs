namespace ChatFunctions.Tests.Cloud;

/// <summary>Holds every answer of the test run against openapi.json.</summary>
public sealed class OpenApiHandler() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (OpenApiDocument.Current.Find(request.Method, request.RequestUri!.AbsolutePath) is not { } operation) return answer;
        await answer.Content.LoadIntoBufferAsync(cancellationToken);
        var differences = await operation.CheckAsync(answer);
        Assert.True(differences.Count == 0, $"{request.Method} {request.RequestUri} answered {(int)answer.StatusCode} " +
            $"not as openapi.json says: {string.Join("; ", differences)}\n{await answer.Content.ReadAsStringAsync(cancellationToken)}");
        return answer;
    }
}
