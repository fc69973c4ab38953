namespace Weft.Grpc.Tests;

public sealed class ServerServiceDefinitionTests
{
    [Fact]
    public void Two_handlers_for_one_method_are_refused()
    {
        var builder = ServerServiceDefinition.CreateBuilder().AddMethod(EchoService.Echo, (request, _) => Task.FromResult(request));
        var refusal = Assert.Throws<ArgumentException>(() => builder.AddMethod(EchoService.Echo, (request, _) => Task.FromResult(request)));
        Assert.Contains("/weft.test.Echo/Echo", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_definitions_of_one_method_are_refused()
    {
        var service = new EchoService();
        Assert.Throws<ArgumentException>(() => new InProcessChannel(service.Definition, service.Definition));
    }

    [Fact]
    public void Handler_of_another_kind_is_refused() => Assert.Throws<ArgumentException>(
        () => ServerServiceDefinition.CreateBuilder().AddMethod(EchoService.Chat, (request, _) => Task.FromResult(request)));
}
