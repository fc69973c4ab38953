using System.Net;

namespace Weft.Launcher.Tests.Workers;

/// <summary>What peers of a worker are told to connect to.</summary>
public sealed class WorkerAddressesTests
{
    private static readonly WorkerGroupOptions Options = new() { SchedulerFile = "f" };

    [Theory]
    [InlineData(null, "127.0.0.1")]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::", "127.0.0.1")]
    [InlineData("localhost", "localhost")]
    [InlineData("10.0.0.7", "10.0.0.7")]
    public void Who_listens_on_all_addresses_is_reached_at_the_one_that_leads_to_the_scheduler(string? host, string contact)
    {
        var listen = host is null ? IPAddress.Any : HostAddresses.OfName(host);
        Assert.Equal(contact, WorkerAddresses.Contact(Options with { Host = host }, listen, "127.0.0.1"));
    }

    [Fact]
    public void A_contact_address_wins() =>
        Assert.Equal("outside:1", WorkerAddresses.Contact(Options with { Host = "0.0.0.0", ContactAddress = "outside:1" }, IPAddress.Any, "127.0.0.1"));
}
