using Google.Protobuf;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler.Tests.Loop;

/// <summary>Functions are kept for whoever may still name them, and their numbers for ever.</summary>
public sealed class FunctionTableTests
{
    private static readonly HashSet<int> None = [];

    private readonly FunctionTable _functions = new();

    [Fact]
    public void A_function_is_forgotten_with_the_last_session_that_has_defined_it()
    {
        Assert.Equal(1, Add(1, "shared"));
        Assert.Equal(2, Add(1, "own"));
        Assert.Equal(1, Add(2, "shared"));
        _functions.Retain(new HashSet<uint> { 1, 2 }, None);
        Assert.Equal(["shared", "own"], Names(_functions));
        _functions.Retain(new HashSet<uint> { 2 }, None);
        Assert.Equal(1, Add(3, "shared"));
        Assert.Equal(["shared", ""], Names(_functions));
        _functions.Retain(new HashSet<uint> { 3 }, None);
        Assert.Equal(["shared", ""], Names(_functions));
    }

    [Fact]
    public void A_function_that_is_needed_stays_though_its_session_is_gone()
    {
        Add(1, "a");
        Add(1, "b");
        Add(1, "c");
        _functions.Retain(new HashSet<uint>(), new HashSet<int> { 2 });
        Assert.Equal(["b", ""], Names(_functions));
        Assert.Equal("b", _functions[2].Name);
    }

    [Fact]
    public void The_number_of_a_forgotten_function_is_given_to_no_other_also_after_a_restart()
    {
        Add(1, "a");
        Add(1, "b");
        _functions.Retain(new HashSet<uint>(), None);
        var next = Restarted(_functions, []);
        Assert.Equal(3, Add(2, "b", next));
        next.Retain(new HashSet<uint>(), None);
        Assert.Equal(4, Add(1, "a", Restarted(next, [])));
    }

    [Fact]
    public void Functions_of_before_a_restart_stay_while_a_session_of_before_is_held()
    {
        Add(1, "a");
        Add(2, "b");
        var next = Restarted(_functions, [1, 2]);
        Assert.Equal(3, Add(3, "c", next));
        next.Retain(new HashSet<uint> { 2 }, None);
        Assert.Equal(["a", "b", ""], Names(next));
        Assert.Equal(2, Add(4, "b", next));
        next.Retain(new HashSet<uint> { 4 }, None);
        Assert.Equal(["b", ""], Names(next));
    }

    private int Add(uint session, string name, FunctionTable? to = null) =>
        (to ?? _functions).Add(new SessionId(session), ByteString.CopyFromUtf8(name), name, $"bundle of {name}");

    private static IEnumerable<string> Names(FunctionTable functions) => functions.Facts().Select(static function => function.Name);

    private static FunctionTable Restarted(FunctionTable functions, uint[] sessions)
    {
        var next = new FunctionTable();
        foreach (FunctionDefined function in functions.Facts())
        {
            next.Restore(function);
        }

        next.RestoreSessions(sessions);
        return next;
    }
}
