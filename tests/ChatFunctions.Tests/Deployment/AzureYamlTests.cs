using System.Text.Json;
using System.Text.RegularExpressions;
using ChatFunctions.Tests.Local;
using YamlDotNet.RepresentationModel;

namespace ChatFunctions.Tests.Deployment;

/// <summary>azure.yaml, held against azd's published schema of it (version 1.0) and against the files that it names.</summary>
public sealed partial class AzureYamlTests
{
    private static readonly string[] ProjectHooks =
    [
        "preprovision", "postprovision", "preinfracreate", "postinfracreate", "preinfradelete", "postinfradelete",
        "predown", "postdown", "preup", "postup", "prepackage", "postpackage", "prepublish", "postpublish",
        "predeploy", "postdeploy", "prerestore", "postrestore",
    ];

    private static readonly string[] ServiceHooks =
    [
        "predeploy", "postdeploy", "prerestore", "postrestore", "prebuild", "postbuild",
        "prepackage", "postpackage", "prepublish", "postpublish",
    ];

    private readonly YamlMappingNode azure = YamlFile.Read("azure.yaml");

    [Fact]
    public void Its_name_is_legal() => Assert.Matches(Name(), azure.Text("name"));

    [Fact]
    public void The_template_is_where_it_says()
    {
        Assert.Equal("bicep", azure.Text("infra", "provider"));
        Assert.Equal("main", azure.Text("infra", "module"));
        Assert.True(File.Exists(Path.Combine(Repository.Root, azure.Text("infra", "path")!, "main.bicep")));
        Assert.True(File.Exists(Path.Combine(Repository.Root, azure.Text("infra", "path")!, "main.bicepparam"))
            || File.Exists(Path.Combine(Repository.Root, azure.Text("infra", "path")!, "main.parameters.json")));
    }

    [Fact]
    public void The_api_is_a_function_app_of_a_dotnet_project_that_exists()
    {
        Assert.Equal("function", azure.Text("services", "api", "host"));
        Assert.Equal("dotnet", azure.Text("services", "api", "language"));
        Assert.True(File.Exists(Path.Combine(Repository.Root, azure.Text("services", "api", "project")!, "ChatFunctions.csproj")));
    }

    [Fact]
    public void The_web_client_is_a_static_web_app_that_npm_run_build_makes()
    {
        Assert.Equal("staticwebapp", azure.Text("services", "web", "host"));
        Assert.Equal("ts", azure.Text("services", "web", "language"));
        Assert.Equal("dist", azure.Text("services", "web", "dist"));
        var package = Path.Combine(Repository.Root, azure.Text("services", "web", "project")!, "package.json");
        var scripts = JsonElement.Parse(File.ReadAllText(package)).GetProperty("scripts");
        Assert.False(string.IsNullOrEmpty(scripts.GetProperty("build").GetString()));
    }

    [Fact]
    public void Each_hook_is_an_event_of_azd_and_an_executable_script_of_posix_sh()
    {
        (string Key, YamlNode Value, string Folder, string[] Known)[] hooks =
        [
            .. azure.Entries("hooks").Select(hook => (hook.Key, hook.Value, Repository.Root, ProjectHooks)),
            .. from service in azure.Entries("services")
               from hook in service.Value.Entries("hooks")
               select (hook.Key, hook.Value, Path.Combine(Repository.Root, service.Value.Text("project")!), ServiceHooks),
        ];
        Assert.All(hooks, hook =>
        {
            Assert.Contains(hook.Key, hook.Known);
            Assert.Equal("sh", hook.Value.Text("shell"));
            // azd drops what any other hook says that succeeds.
            Assert.Equal("true", hook.Value.Text("interactive"));
            var script = Path.Combine(hook.Folder, hook.Value.Text("run")!);
            Assert.StartsWith("#!/bin/sh\n", File.ReadAllText(script), StringComparison.Ordinal);
            Assert.True(ScriptTests.IsExecutable(script));
        });
        Assert.Equal(
            ["postdown", "postprovision", "postup", "predeploy", "predown", "prepackage", "prepackage", "preprovision", "preup"],
            hooks.Select(hook => hook.Key).Order());
    }

    [Fact]
    public void An_azd_that_knows_too_old_a_Bicep_or_no_condition_of_services_is_refused() =>
        Assert.Equal(">= 1.23.8", azure.Text("requiredVersions", "azd"));

    [Fact]
    public void The_web_client_is_deployed_unless_a_value_says_not_to()
    {
        Assert.Equal("${DEPLOY_WEB:-true}", azure.Text("services", "web", "condition"));
        Assert.Null(azure.Text("services", "api", "condition"));
    }

    [Fact]
    public void Up_provisions_before_it_packages_and_deploys()
    {
        var steps = (YamlSequenceNode)azure.At("workflows", "up", "steps");
        Assert.Equal(["provision", "deploy --all"], steps.Select(step => step.Text("azd")));
    }

    [Fact]
    public void Git_ignores_what_azd_and_its_hooks_write()
    {
        var ignored = File.ReadAllLines(Path.Combine(Repository.Root, ".gitignore"));
        Assert.Contains(".azure/", ignored);
        Assert.Contains("src/web/public/config.json", ignored);
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Name();
}
