namespace Weft.Autoscaler.Core.Tests;
public sealed class Dbg {
 [Fact] public void Show() { var s = new ScalingSimulation(int.Parse(Environment.GetEnvironmentVariable("WEFT_SEED")!)); try { s.Run(); } catch (SimulationException e) { Assert.Fail(e.Message);} 
  Assert.Fail($"{s.Failure("shown").Message} longest wait {s.Scheduler.LongestWaitMs} spent {s.Spent/3600000} done {s.DoneMs} boots {string.Join(' ', s.Scenario.BootMs)} queue {string.Join(' ', s.Scenario.QueueMs)} spreads {s.Scenario.Spreads} clair {new ClairvoyantFirstFit(s.Scenario, s.Scheduler.Tasks).CostUntil(s.EndingMs)/3600000}"); } }
