using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

public sealed class SshArgumentsTests
{
    private static readonly SshSettings Login = new()
    {
        PrivateKey = "~/key",
        ProxyCommand = "ssh -W %h:%p gate",
        KnownHosts = "/a folder/known",
        Options = ["ConnectTimeout=3"],
    };

    private readonly SshArguments _arguments = new(Login, new SshTarget("ann", "node", 2222));

    [Fact]
    public void Nothing_asks_a_question_and_host_keys_are_checked()
    {
        foreach (var words in (IReadOnlyList<string>[])[_arguments.Connect("/s"), _arguments.Run("/s", "x"), _arguments.RunHere("/s", "x", withTerminal: true), _arguments.Forward(1, "h", 2)])
        {
            Assert.Contains("BatchMode=yes", words);
            Assert.Contains("StrictHostKeyChecking=accept-new", words);
            Assert.Equal(["-p", "2222", "-l", "ann", "-i", "~/key"], words.SkipWhile(static word => word != "-p").Take(6));
            Assert.Contains("ProxyCommand=ssh -W %h:%p gate", words);
            Assert.Contains("UserKnownHostsFile=\"/a folder/known\"", words);
        }
    }

    [Fact]
    public void The_users_options_come_before_our_defaults_and_after_what_must_hold()
    {
        var words = _arguments.Run("/s", "x").ToList();
        Assert.True(words.IndexOf("BatchMode=yes") < words.IndexOf("ConnectTimeout=3"));
        Assert.True(words.IndexOf("ConnectTimeout=3") < words.IndexOf("ConnectTimeout=10"));
    }

    [Fact]
    public void One_connection_is_the_master_and_others_go_through_it()
    {
        Assert.Contains("ControlMaster=yes", _arguments.Connect("/s"));
        Assert.Contains("ControlPath=/s", _arguments.Connect("/s"));
        Assert.Contains("ControlMaster=no", _arguments.Run("/s", "x"));
        Assert.Contains("ControlPath=/s", _arguments.Run("/s", "x"));
        Assert.Contains("ControlPath=none", _arguments.Forward(1, "h", 2));
        Assert.Contains("ControlPath=none", _arguments.Run(socket: null, "x"));
    }

    [Fact]
    public void A_forward_listens_on_loopback_alone_and_brackets_addresses_of_IPv6()
    {
        Assert.Contains("127.0.0.1:8787:10.0.0.1:80", _arguments.Forward(8787, "10.0.0.1", 80));
        Assert.Contains("127.0.0.1:8787:[::1]:80", _arguments.Forward(8787, "::1", 80));
    }

    [Fact]
    public void The_shell_of_rsync_is_quoted_as_rsync_reads_it()
    {
        var shell = _arguments.RemoteShell("/s");
        Assert.StartsWith("ssh -o BatchMode=yes -o ControlPath=/s ", shell);
        Assert.EndsWith("-p 2222 -l ann -i ~/key -o IdentitiesOnly=yes -o 'ProxyCommand=ssh -W %h:%p gate'", shell);
        var quoted = new SshArguments(new SshSettings { ProxyCommand = "sh -c 'nc'" }, new SshTarget(null, "node", null)).RemoteShell(socket: null);
        Assert.EndsWith("'ProxyCommand=sh -c ''nc'''", quoted);
    }

    [Fact]
    public void Paths_there_begin_at_the_home_or_the_root()
    {
        Assert.Equal("node:a/b", _arguments.RemotePath("~/a/b"));
        Assert.Equal("node:/a b", _arguments.RemotePath("/a b"));
        Assert.Equal("[::1]:/a", new SshArguments(Login, new SshTarget(null, "::1", null)).RemotePath("/a"));
    }

    [Fact]
    public void A_launch_is_described_as_a_person_would_type_it()
    {
        var settings = new ClusterSettings
        {
            ClusterName = "c",
            Folder = "~/.weft/clusters/c",
            Provider = new Settings(new Dictionary<string, object> { [SshKeys.HeadIp] = "ann@head", [SshKeys.WorkerIps] = (string[])["node:2222"] }),
        };
        var request = new LaunchRequest
        {
            Type = "cpu",
            First = 3,
            Count = 1,
            Script = "exec weft worker",
            Files = [new NodeFile("/data/in", "~/in") { Exclude = ["*.tmp"] }],
            Capacity = new NodeCapacity { Slots = 1 },
            NodeSettings = Settings.None,
        };
        Assert.Equal(
            """
            # 1 of type cpu, on the first of these hosts that are free, from the head
            # node:2222
            rsync -a '--exclude=*.tmp' -e 'ssh -p 2222' /data/in node:in
            ssh -p 2222 node 'WEFT_CLUSTER=c WEFT_NODE_TYPE=cpu WEFT_NODE=cpu-3 setsid /bin/sh' < script.sh
            # script.sh
            exec weft worker

            """, new SshProviderFactory().Create(settings).Describe(request));
    }
}
