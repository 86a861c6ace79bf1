using System.Collections.Concurrent;
using System.Net.Http.Headers;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Attack;

/// <summary>Keeps every answer that its clients get, headers and body.</summary>
public sealed class AnswerRecorder
{
    private readonly ConcurrentQueue<(string User, int Status, string Text)> answers = new();

    public IReadOnlyCollection<(string User, int Status, string Text)> Answers => answers;

    public HttpClient Client(FunctionHost app, string user, string token)
    {
        var client = new HttpClient(new Recording(this, user)) { BaseAddress = app.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private sealed class Recording(AnswerRecorder recorder, string user) : DelegatingHandler(new OpenApiHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var body = await answer.Content.ReadAsStringAsync(cancellationToken);
            recorder.answers.Enqueue((user, (int)answer.StatusCode, $"{answer.Headers}{answer.Content.Headers}\n{body}"));
            return answer;
        }
    }
}
