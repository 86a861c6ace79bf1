using System.Diagnostics;
using ChatFunctions.Local;
using ChatFunctions.Local.Entra;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Processes;

namespace ChatFunctions.Tests.Local;

/// <summary>The program that <c>dotnet run --project src/ChatFunctions.Local</c> runs, as a process of its own on free ports.</summary>
public sealed class LocalProgram : IAsyncDisposable
{
    private readonly RecordedProcess process;
    private readonly string data = Directory.CreateTempSubdirectory("chat-").FullName;

    /// <summary>A machine that runs other tests, too, may take longer for the first request than the app's own limit.</summary>
    public const string PatientTimeout = "00:00:30";

    /// <summary>Where this process was told to ignore SIGINT, as by nohup or in the background of a script, a child would ignore it, too.</summary>
    private const string DefaultInterrupt = "$SIG{INT} = 'DEFAULT'; exec @ARGV";

    private LocalProgram(string[] args, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        string[] command = ["dotnet", typeof(LocalCloud).Assembly.Location, "--DataFolder", data, $"--Http:RequestTimeout={PatientTimeout}", .. args];
        var start = new ProcessStartInfo("perl", ["-e", DefaultInterrupt, .. command]);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        process = new RecordedProcess(start);
    }

    public int Id => process.Id;

    public int ExitCode => process.ExitCode;

    public IReadOnlyList<string> Output => process.Output;

    public static LocalProgram Start(params string[] args) => new(args, []);

    /// <summary>With environment variables beside those of the tests.</summary>
    public static LocalProgram StartWith(Dictionary<string, string?> environment, params string[] args) => new(args, environment);

    public static string[] FreePorts { get; } =
    [
        "--Ports:Web=0", "--Ports:Api=0", "--Ports:Entra=0", "--Ports:KeyVault=0", "--Ports:Momento=0", "--Ports:MomentoWeb=0",
        "--Ports:Tables=0", "--Ports:Blobs=0",
    ];

    /// <summary>Waits, at most a minute, for the line that starts with <c>Ready:</c>.</summary>
    public async Task UntilReadyAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            if (Output.Any(line => line.StartsWith("Ready: ", StringComparison.Ordinal))) return;
            Assert.False(process.HasExited, string.Join('\n', Output));
            await Task.Delay(20, timeout.Token);
        }
    }

    /// <summary>Puts the ports of this run in the place of the usual ones.</summary>
    /// <param name="text">Addresses in it begin with <c>localhost</c>.</param>
    /// <param name="api">Where the API is.</param>
    public string WithPorts(string text, Uri api)
    {
        (int Usual, Uri Actual)[] ports =
        [
            (7070, AddressOf("Web")), (7071, api), (7072, AddressOf("Entra ID")), (7073, AddressOf("Key Vault")), (7074, AddressOf("Momento")),
        ];
        return ports.Aggregate(text, (all, each) => all.Replace($"localhost:{each.Usual}", $"localhost:{each.Actual.Port}", StringComparison.Ordinal));
    }

    /// <summary>Holds the certificate of Key Vault, in PEM, where the program runs without the API.</summary>
    public string KeyVaultCertificate => Path.Combine(data, "key-vault.pem");

    /// <summary>What the program says, when it is ready, of where a part is: the part's name, and in the column 12 its address.</summary>
    public Uri AddressOf(string part) => new(Output.Single(line => line.StartsWith(part.PadRight(11), StringComparison.Ordinal))[11..].Split(' ')[0]);

    /// <summary>A client of the API that has signed in at the program's Entra ID.</summary>
    public async Task<HttpClient> SignInAsync(string user)
    {
        var client = new HttpClient { BaseAddress = AddressOf("API") };
        var config = await (await client.GetAsync(new Uri(AddressOf("Web"), "config.json"))).JsonAsync();
        var endpoint = config.GetProperty("entra").GetProperty("authorityMetadata").Text("token_endpoint");
        var signedIn = await (await client.PostAsync(endpoint, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "password",
            ["client_id"] = LocalTenant.WebClientId,
            ["username"] = user,
            ["password"] = "any",
        }))).JsonAsync();
        client.DefaultRequestHeaders.Authorization = new("Bearer", signedIn.Text("access_token"));
        return client;
    }

    /// <summary>Waits, at most a minute, for the end of the process.</summary>
    public Task UntilEndedAsync() => process.Ended.WaitAsync(TimeSpan.FromMinutes(1));

    public void Signal(string signal) => Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExit();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) Signal("TERM");
        await UntilEndedAsync();
        process.Dispose();
        Directory.Delete(data, recursive: true);
    }
}
