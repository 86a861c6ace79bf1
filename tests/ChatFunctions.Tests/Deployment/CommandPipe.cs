using System.Diagnostics;
using System.Text.Json;
using ChatFunctions.Tests.Local;

namespace ChatFunctions.Tests.Deployment;

/// <summary>
/// Commands that hand each call to this process, through two named pipes, and end with its answer. One call at a time. Shell alone:
/// a program that connects would cost more than all the rest.
/// </summary>
internal sealed class CommandPipe : IDisposable
{
    private readonly string requests;
    private readonly string answers;
    private readonly Func<string, string[], string> call;
    private readonly Thread serving;

    /// <param name="folder">Where the pipes are made.</param>
    /// <param name="call">Takes a command's name and its arguments, and returns what it writes; an
    /// <see cref="InvalidOperationException"/> is its failure, and the message its error.</param>
    public CommandPipe(string folder, Func<string, string[], string> call)
    {
        this.call = call;
        requests = Path.Combine(folder, "requests");
        answers = Path.Combine(folder, "answers");
        Process.Start("mkfifo", [requests, answers]).WaitForExit();
        serving = new Thread(Serve) { IsBackground = true };
        serving.Start();
    }

    /// <summary>By a link: a script that was just written cannot be run while another thread starts a process, which has it open, too.</summary>
    /// <param name="path">Of the command, whose name is the file's, in a folder beside the pipes.</param>
    public static void Install(string path) =>
        File.CreateSymbolicLink(path, Path.Combine(Repository.Tests, "Deployment", "command-pipe.sh"));

    /// <summary>A writer that writes nothing is the end.</summary>
    public void Dispose()
    {
        Open(requests, FileAccess.Write).Dispose();
        serving.Join();
    }

    private static FileStream Open(string pipe, FileAccess access) =>
        new(pipe, FileMode.Open, access, FileShare.ReadWrite, bufferSize: 0);

    private void Serve()
    {
        while (true)
        {
            var words = ReadRequest().Split('\0');
            if (words is [""]) return;
            using var writer = new StreamWriter(Open(answers, FileAccess.Write));
            try
            {
                writer.Write($"0\n{call(words[0], words[1..])}");
            }
            catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or JsonException)
            {
                writer.Write($"1\n{error.Message}\n");
            }
        }
    }

    /// <summary>The pipe is closed before the answer, after which the next command may write.</summary>
    private string ReadRequest()
    {
        using var reader = new StreamReader(Open(requests, FileAccess.Read));
        return reader.ReadToEnd();
    }
}
