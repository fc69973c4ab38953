namespace Weft.Simulation.Tests;

public sealed class SimulationTests
{
    [Fact]
    public void Replay_one_seed()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("WEFT_SEED") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        var once = new Simulation(seed);
        once.Run();
        var again = new Simulation(seed);
        again.Run();
        Assert.Equal(once.Digest.Value, again.Digest.Value);
        TestContext.Current.TestOutputHelper!.WriteLine($"{once.Tasks} tasks, {once.Clock.Steps} steps, {once.Digest.Actions} actions");
    }

    [Fact]
    public void Many()
    {
        var n = int.Parse(Environment.GetEnvironmentVariable("WEFT_SEEDS") ?? "20", System.Globalization.CultureInfo.InvariantCulture);
        var fails = 0;
        for (var seed = 1; seed <= n; seed++)
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var simulation = new Simulation(seed);
            try
            {
                simulation.Run();
                Console.WriteLine($"TIME {watch.ElapsedMilliseconds} ms seed {seed} tasks {simulation.Tasks} steps {simulation.Clock.Steps} end {simulation.Clock.NowMs}");
            }
            catch (SimulationException e)
            {
                fails++;
                Console.WriteLine(string.Join("\n", e.Message.Split('\n').Take(3)));
            }
        }

        Assert.Equal(0, fails);
    }
}
