using System.Net;
using ChatFunctions.Http;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Http;

public sealed class OpenApiTests(TestCloud cloud)
{
    private static readonly HttpFunction[] Functions = [.. HttpFunction.In(typeof(ChatServices).Assembly)];

    [Fact]
    public void Every_function_is_described_and_nothing_else()
    {
        var functions = from function in Functions from method in function.Methods select $"{method.ToUpperInvariant()} {function.Route} {function.Name}";
        var described = from operation in OpenApiDocument.Current.Operations select $"{operation.Method} {operation.Path} {operation.Function}";
        Assert.Equal(functions.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_described_as_anonymous_is_what_runs_without_a_caller() =>
        Assert.Equal(RequestPipeline.Anonymous.Order(), OpenApiDocument.Current.Operations.Where(operation => operation.IsAnonymous).Select(operation => operation.Function).Distinct().Order());

    [Fact]
    public async Task The_description_is_served()
    {
        var document = await (await cloud.Client().GetAsync("openapi.json")).JsonAsync();
        Assert.Equal("3.1.1", document.Text("openapi"));
    }

    [Theory]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    [InlineData("openapi.json")]
    public async Task What_probes_and_browsers_ask_answers_HEAD_without_a_body(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        var answer = await cloud.Client().SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("PUT", "chats")]
    [InlineData("POST", "token")]
    [InlineData("HEAD", "chats")]
    [InlineData("PUT", "chats/any")]
    [InlineData("GET", "nothing/here")]
    [InlineData("GET", "api/chats")]
    public async Task A_wrong_method_or_path_is_a_404_as_under_the_Functions_host(string method, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        var answer = await cloud.Client("alice").SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(answer.Content.Headers.Allow);
    }
}
