using System.Text.RegularExpressions;
using ChatFunctions.Tests.Local;
using YamlDotNet.RepresentationModel;

namespace ChatFunctions.Tests.Deployment;

/// <summary>The GitHub workflows: what they may, what they run, and for whom.</summary>
public sealed partial class WorkflowTests
{
    private const string Folder = ".github/workflows";
    private const string SameRepository = "github.event.pull_request.head.repo.full_name == github.repository";

    public static TheoryData<string> Workflows { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder)).Select(path => Path.GetFileName(path)!).Order()];

    [Fact]
    public void There_is_one_to_check_and_one_to_preview() =>
        Assert.Equal(["check.yml", "preview.yml"], Workflows.Select(workflow => workflow.Data));

    [Theory]
    [MemberData(nameof(Workflows))]
    public async Task What_its_steps_run_bash_understands_and_the_files_exist(string workflow)
    {
        foreach (var script in Steps(workflow).Select(step => step.Text("run")).OfType<string>())
        {
            await ScriptCheck.PassesAsync("bash", ["-n"], script);
            Assert.All(RepositoryFile().Matches(script), file =>
                Assert.True(ScriptTests.IsExecutable(Path.Combine(Repository.Root, file.Value)), file.Value));
        }

        Assert.All(Steps(workflow).Select(step => step.Text("with", "global-json-file")).OfType<string>(), file =>
            Assert.True(File.Exists(Path.Combine(Repository.Root, file))));
    }

    /// <summary>A name or a title in an expression would be run as part of the script.</summary>
    [Theory]
    [MemberData(nameof(Workflows))]
    public void No_script_is_put_together_from_what_an_event_says(string workflow) =>
        Assert.All(Steps(workflow), step => Assert.DoesNotContain("${{", step.Text("run") ?? "", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Its_actions_are_pinned_by_major_version(string workflow) =>
        Assert.All(Steps(workflow).Select(step => step.Text("uses")).OfType<string>(), action =>
            Assert.Matches(PinnedAction(), action));

    [Theory]
    [MemberData(nameof(Workflows))]
    public void It_does_not_run_a_forks_code_with_the_rights_of_the_repository(string workflow)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, Folder, workflow));
        Assert.DoesNotContain("pull_request_target", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secrets.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("write-all", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_check_may_only_read_and_runs_what_a_person_runs()
    {
        var check = Read("check.yml");
        Assert.Equal("read", check.Text("permissions", "contents"));
        Assert.Single(check.Entries("permissions"));
        Assert.All(check.Entries("jobs"), job => Assert.Empty(job.Value.Entries("permissions")));
        Assert.Equal(".ci/run", Runs(check, "test")[^1]);
        Assert.Equal(".ci/check-under-func", Runs(check, "functions-host")[^1]);
    }

    [Fact]
    public void Without_a_permission_of_its_own_a_job_of_the_preview_may_nothing() =>
        Assert.Empty(((YamlMappingNode)Read("preview.yml").At("permissions")).Children);

    [Theory]
    [InlineData("deploy")]
    [InlineData("remove")]
    public void A_job_that_works_on_azure_does_so_by_federated_identity_and_never_for_a_fork(string name)
    {
        var job = Read("preview.yml").At("jobs", name);
        Assert.Contains(SameRepository, job.Text("if"), StringComparison.Ordinal);
        Assert.DoesNotContain("||", job.Text("if"), StringComparison.Ordinal);
        Assert.Equal([("contents", "read"), ("id-token", "write")],
            job.Entries("permissions").Select(permission => (permission.Key, ((YamlScalarNode)permission.Value).Value)));
        Assert.Equal("preview", job.Text("environment"));
        var login = Assert.Single(Steps(job), step => step.Text("uses")?.StartsWith("azure/login@", StringComparison.Ordinal) == true);
        Assert.Equal(["client-id", "subscription-id", "tenant-id"], login.Entries("with").Select(input => input.Key).Order());
        Assert.Contains(Runs(Read("preview.yml"), name), run =>
            run.StartsWith("azd auth login", StringComparison.Ordinal)
            && run.EndsWith("--federated-credential-provider github", StringComparison.Ordinal));
    }

    [Fact]
    public void A_branch_is_deployed_while_its_pull_request_is_open_and_removed_when_it_is_closed()
    {
        var preview = Read("preview.yml");
        Assert.Equal(["opened", "reopened", "synchronize", "closed"],
            ((YamlSequenceNode)preview.At("on", "pull_request", "types")).Select(type => ((YamlScalarNode)type).Value));
        Assert.StartsWith("github.event.action != 'closed'", preview.Text("jobs", "deploy", "if"), StringComparison.Ordinal);
        Assert.StartsWith("github.event.action == 'closed'", preview.Text("jobs", "remove", "if"), StringComparison.Ordinal);
        Assert.Equal(".ci/deploy", Runs(preview, "deploy")[^1]);
        Assert.Equal("azd down --purge --force --no-prompt", Runs(preview, "remove")[^1]);
    }

    [Fact]
    public void Only_one_run_at_a_time_works_on_an_environment_and_is_not_cut_off()
    {
        var preview = Read("preview.yml");
        Assert.Contains("github.event.pull_request.number", preview.Text("concurrency", "group"), StringComparison.Ordinal);
        Assert.Equal("false", preview.Text("concurrency", "cancel-in-progress"));
        Assert.Contains("github.event.pull_request.number", preview.Text("env", "AZURE_ENV_NAME"), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_packages_are_missing_it_stops_before_it_signs_in()
    {
        var steps = Steps(Read("preview.yml").At("jobs", "deploy")).ToList();
        var check = steps.FindIndex(step => step.Text("run") == "infra-bicep/hooks/prepackage.sh");
        var login = steps.FindIndex(step => step.Text("uses")?.StartsWith("azure/login@", StringComparison.Ordinal) == true);
        Assert.InRange(check, 0, login);
    }

    private static YamlMappingNode Read(string workflow) => YamlFile.Read($"{Folder}/{workflow}");

    private static IEnumerable<YamlNode> Steps(string workflow) => Read(workflow).Entries("jobs").SelectMany(job => Steps(job.Value));

    private static IEnumerable<YamlNode> Steps(YamlNode job) => (YamlSequenceNode)job.At("steps");

    private static string[] Runs(YamlNode workflow, string job) =>
        [.. Steps(workflow.At("jobs", job)).Select(step => step.Text("run")).OfType<string>()];

    [GeneratedRegex(@"(?<![\w/])(?:\.ci|infra-bicep|src)/[\w./-]+")]
    private static partial Regex RepositoryFile();

    [GeneratedRegex(@"^[\w-]+/[\w-]+@v\d+$")]
    private static partial Regex PinnedAction();
}
