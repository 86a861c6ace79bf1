using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento.Wire;
using ChatFunctions.Tests.Cloud;
using Grpc.Core;
using Grpc.Net.Client;

namespace ChatFunctions.Tests.Local;

public sealed class LocalRunTests
{
    [Fact]
    public async Task The_program_serves_the_web_client_and_its_API_serves_a_token_with_the_real_identity_client_and_leaves_the_home_folder_alone()
    {
        using var home = new TemporaryFolder();
        await using var program = LocalProgram.StartWith(new() { ["HOME"] = home.Path }, LocalProgram.FreePorts);
        await program.UntilReadyAsync();
        using var client = await program.SignInAsync("alice");
        var config = await (await client.GetAsync(new Uri(program.AddressOf("Web"), "config.json"))).JsonAsync();
        Assert.Equal(client.BaseAddress, new Uri(config.Text("apiBaseUrl")));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("health/ready")).StatusCode);
        await client.TokenAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Path));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task Momento_keeps_the_limits_of_a_new_account_if_it_is_told_to(string setting, bool isLimited)
    {
        await using var program = LocalProgram.Start([.. LocalProgram.FreePorts, "--LocalMomento:NewAccountLimits", setting]);
        await program.UntilReadyAsync();
        using var client = await program.SignInAsync("alice");
        var token = JsonElement.Parse(Convert.FromBase64String((await client.TokenAsync()).Text("token"))).Text("api_key");
        using var channel = GrpcChannel.ForAddress(program.AddressOf("Momento"));
        var request = new _PublishRequest { CacheName = LocalCloud.CacheName, Topic = "public/general", Value = new() { Text = new string('x', 4096) } };

        // 400 operations, for which a new account would have to take 39 seconds.
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var call = new Pubsub.PubsubClient(channel).PublishAsync(request, MomentoLab.Key(token));
            await Task.WhenAny(call.ResponseAsync);
            return call.GetStatus().StatusCode;
        }));

        Assert.Contains(StatusCode.OK, answers);
        Assert.Equal(isLimited, answers.Contains(StatusCode.ResourceExhausted));
    }

    [Fact]
    public async Task Proxies_and_Azure_identities_of_the_shell_are_not_used()
    {
        const string nobody = "http://127.0.0.1:1";
        var id = $"{Guid.NewGuid()}";
        await using var program = LocalProgram.StartWith(
            new()
            {
                ["http_proxy"] = nobody, ["https_proxy"] = nobody, ["HTTPS_PROXY"] = nobody, ["ALL_PROXY"] = nobody,
                ["AZURE_CLIENT_ID"] = id, ["AZURE_TENANT_ID"] = id, ["AZURE_CLIENT_SECRET"] = "any",
            },
            LocalProgram.FreePorts);
        await program.UntilReadyAsync();
        using var client = await program.SignInAsync("alice");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("health/ready")).StatusCode);
        await client.TokenAsync();
    }

    [Fact]
    public async Task The_key_can_be_rotated_while_the_program_runs()
    {
        await using var program = LocalProgram.Start([.. LocalProgram.FreePorts, "--cloud-only"]);
        await program.UntilReadyAsync();
        var web = program.AddressOf("Web");
        using var client = new HttpClient();
        Assert.Contains("key is in the vault", await (await client.PostAsync(new Uri(web, "local/rotate-momento-api-key"), null)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task When_the_program_ends_nothing_of_it_is_left(string signal)
    {
        await using var program = LocalProgram.Start([.. LocalProgram.FreePorts, "--cloud-only"]);
        await program.UntilReadyAsync();
        var children = Children(program.Id);
        Assert.NotEmpty(children);
        program.Signal(signal);
        await program.UntilEndedAsync();
        if (signal != "KILL") Assert.Equal(0, program.ExitCode);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (children.Any(child => Directory.Exists($"/proc/{child}"))) await Task.Delay(20, timeout.Token);
    }

    [Theory]
    [InlineData("Web")]
    [InlineData("Api")]
    [InlineData("Entra")]
    [InlineData("KeyVault")]
    [InlineData("Momento")]
    [InlineData("MomentoWeb")]
    [InlineData("Tables")]
    [InlineData("Blobs")]
    public async Task A_taken_port_is_one_line_that_names_the_port_and_its_setting(string part)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var program = LocalProgram.Start([.. LocalProgram.FreePorts, $"--Ports:{part}", $"{port}"]);
        await program.UntilEndedAsync();
        Assert.Equal(1, program.ExitCode);
        var line = program.Output[^1];
        Assert.Contains($"Port {port} is taken", line, StringComparison.Ordinal);
        Assert.Contains($"--Ports:{part}", line, StringComparison.Ordinal);
        Assert.DoesNotContain(program.Output, each => each.Contains("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--Ports:Api", "99999", "Ports:Api")]
    [InlineData("--LocalMomento:NewAccountLimits", "perhaps", "LocalMomento:NewAccountLimits")]
    [InlineData("--Momento:TokenLifetime", "1.01:00:01", "Momento:TokenLifetime")]
    public async Task A_wrong_setting_is_one_line_that_names_it(string option, string value, string setting)
    {
        await using var program = LocalProgram.Start([.. LocalProgram.FreePorts, option, value]);
        await program.UntilEndedAsync();
        Assert.Equal(1, program.ExitCode);
        Assert.Contains(setting, program.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_NET_runs_without_ICU_the_program_ends_with_one_line_that_says_why()
    {
        await using var program = LocalProgram.StartWith(new() { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" }, LocalProgram.FreePorts);
        await program.UntilEndedAsync();
        Assert.Equal(1, program.ExitCode);
        Assert.Contains("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", program.Output[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(program.Output, each => each.Contains("   at ", StringComparison.Ordinal));
    }

    /// <summary>The processes that this one has started: their fourth field in <c>/proc</c> is its id.</summary>
    private static List<string> Children(int parent)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked up in /proc.");
        return [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).OfType<string>().Where(id => char.IsDigit(id[0]) && ParentOf(id) == parent)];
    }

    private static int ParentOf(string id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return 0;
        }
    }
}
