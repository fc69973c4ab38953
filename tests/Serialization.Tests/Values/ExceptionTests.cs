namespace Weft.Serialization.Tests.Values;

public sealed class ExceptionTests
{
    [Fact]
    public void Exception_keeps_type_message_stack_inner_data_and_custom_fields()
    {
        Exception thrown = Thrown();
        thrown.Data["key"] = 5;
        thrown.Data["socket"] = Stream.Null;

        OrderFailedException copy = (OrderFailedException)RoundTrip.Of(thrown);

        Assert.Equal("order 7 failed", copy.Message);
        Assert.Equal(7, copy.Order);
        Assert.Null(copy.Resource);
        Assert.Contains(nameof(Thrown), copy.StackTrace, StringComparison.Ordinal);
        Assert.Equal(thrown.HResult, copy.HResult);
        ArgumentOutOfRangeException inner = Assert.IsType<ArgumentOutOfRangeException>(copy.InnerException);
        Assert.Equal(("count", -1), (inner.ParamName, inner.ActualValue));
        Assert.Equal(thrown.InnerException!.Message, inner.Message);
        Assert.Equal(5, copy.Data["key"]);
        Assert.Single(copy.Data);
    }

    [Fact]
    public void Exception_can_be_thrown_again_with_its_remote_stack()
    {
        Exception copy = RoundTrip.Of(Thrown());
        Exception caught = Assert.Throws<OrderFailedException>((Action)(() => throw copy));
        Assert.Contains(nameof(Thrown), caught.StackTrace, StringComparison.Ordinal);
        Assert.Contains(nameof(Exception_can_be_thrown_again_with_its_remote_stack), caught.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void Aggregate_keeps_its_exceptions_and_their_identity()
    {
        AggregateException copy = RoundTrip.Of(new AggregateException("many", new InvalidOperationException("a"), new TimeoutException("b")));
        Assert.Equal(["a", "b"], copy.InnerExceptions.Select(inner => inner.Message));
        Assert.Same(copy.InnerException, copy.InnerExceptions[0]);
        Assert.Equal("many (a) (b)", copy.Message);
    }

    [Fact]
    public void Exception_that_refers_to_itself_comes_back()
    {
        InvalidOperationException exception = new("self");
        exception.Data["self"] = exception;
        InvalidOperationException copy = RoundTrip.Of(exception);
        Assert.Same(copy, copy.Data["self"]);
    }

    [Fact]
    public void References_after_a_part_that_could_not_be_written_still_fit()
    {
        InvalidOperationException exception = new("x");
        List<int> shared = [1];
        exception.Data["bad"] = new object[] { shared, new object(), Stream.Null };
        exception.Data["good"] = shared;

        (Exception copy, List<int> sharedCopy, object again) = RoundTrip.Of((exception, shared, (object)exception));

        Assert.Same(copy, again);
        Assert.Same(sharedCopy, copy.Data["good"]);
        Assert.Single(copy.Data);
    }

    [Fact]
    public void References_after_a_part_that_could_not_be_read_still_fit()
    {
        InvalidOperationException exception = new("x");
        exception.Data["unknown"] = new object[] { new object(), new object(), Guid.Empty, new List<int>() };
        List<int> shared = [1];
        exception.Data["known"] = shared;
        ValueSerializer forgetful = new() { TypeResolver = name => name.Contains("Guid", StringComparison.Ordinal) ? null : Type.GetType(name) };

        (Exception copy, List<int> sharedCopy) = RoundTrip.Of(((Exception)exception, shared), forgetful);

        Assert.Same(sharedCopy, copy.Data["known"]);
        Assert.Single(copy.Data);
    }

    private static Exception Thrown()
    {
        try
        {
            try
            {
                throw new ArgumentOutOfRangeException("count", -1, "too small");
            }
            catch (ArgumentOutOfRangeException inner)
            {
                throw new OrderFailedException(7, inner) { Resource = Stream.Null };
            }
        }
        catch (OrderFailedException exception)
        {
            return exception;
        }
    }

    public sealed class OrderFailedException(int order, Exception inner) : Exception($"order {order} failed", inner)
    {
        public int Order { get; } = order;

        public Stream? Resource { get; init; }
    }
}
