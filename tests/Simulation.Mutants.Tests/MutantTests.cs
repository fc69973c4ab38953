using Weft.Simulation.Tests;

namespace Weft.Simulation.Mutants.Tests;

/// <summary>Guards are proved by taking them away: the simulation must notice within a few seeds.</summary>
public sealed class MutantTests : IDisposable
{
    private const int SeedsMax = 200;

    public void Dispose() => Mutant.Current = null;

    [Fact]
    public void The_core_with_all_its_guards_passes()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            new Weft.Simulation.Tests.Simulation(seed).Run();
        }
    }

    [Theory]
    [InlineData("StaleReportsAreAccepted")]
    [InlineData("LossDoesNotRequeue")]
    [InlineData("SlotIsNotFreed")]
    [InlineData("EpochDoesNotRise")]
    [InlineData("WhatIsOverIsAdopted")]
    [InlineData("RecoveryDoesNotWait")]
    [InlineData("RunsAreNotSpent")]
    [InlineData("LeavingTakesDataAlong")]
    [InlineData("LeavingIsStoppedWithWork")]
    [InlineData("WhoLeavesIsBlamed")]
    [InlineData("GuessesStay")]
    [InlineData("SuspectsAreGivenToOthersAtOnce")]
    [InlineData("MayHaveBegunIsNotNoted")]
    [InlineData("SubmissionsAreNotAcknowledged")]
    [InlineData("FailedCopyAnswersTheTask")]
    [InlineData("OneLostCopyIsAll")]
    [InlineData("CopiesAreCountedTwice")]
    [InlineData("CopiesStay")]
    [InlineData("RetractsAreAnsweredTwice")]
    [InlineData("RestartIsNotNoted")]
    [InlineData("WorkersOfBeforeARestartStay")]
    public void A_core_without_a_guard_is_caught(string mutant)
    {
        Mutant.Current = mutant;
        for (var seed = 1; seed <= SeedsMax; seed++)
        {
            try
            {
                new Weft.Simulation.Tests.Simulation(seed).Run();
            }
            catch (SimulationException caught)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{mutant}: seed {seed}: {caught.Message.Split('\n')[0]}");
                return;
            }
        }

        Assert.Fail($"{SeedsMax} seeds did not notice {mutant}.");
    }
}
